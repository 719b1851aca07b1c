using System.IO.Compression;
using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>
/// Files of format version 1, frozen: whatever becomes of the format, these open and answer as they did. They were written by <see cref="WriteAsync"/>
/// (<c>SKEP_WRITE_FIXTURE</c> set to a folder writes such files again, for a new version beside these, never in their place).
/// </summary>
public sealed class FixtureTests : IDisposable
{
    private const int Compacted = 300, Later = 20;

    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_of_version_1_open_and_answer_exactly()
    {
        Unpack(Path.Combine(AppContext.BaseDirectory, "Collections", "fixtures", "v1"), _folder.Path);
        await using var notes = _folder.Open(CollectionFolder.Options with { VerifyOnOpen = true });
        Assert.Equal((0, 0, 0L), (notes.Opening.Rebuilt.Count, notes.Opening.Lost.Count, notes.Opening.TornBytes));
        var stats = notes.Stats;
        Assert.Equal(1, stats.Segment);
        // At least: what the log brought may be in the graph by now.
        Assert.InRange(stats.Linked, Compacted, stats.Rows);
        CollectionFolder.RequireExactly(notes, Expected());
        Assert.True((await notes.VerifyAsync()).IsSound);

        // The graph is the file's own: a walk through it finds what a scan finds.
        var query = CollectionFolder.Vector(-1);
        Assert.Equal(
            notes.Search(query, new CollectionQuery { K = 5, Exact = true }).Select(m => m.Key),
            notes.Search(query, new CollectionQuery { K = 5, Ef = 200 }).Select(m => m.Key));
        await notes.CompactAsync();
        CollectionFolder.RequireExactly(notes, Expected());
    }

    [Fact]
    public async Task What_is_written_today_reads_like_the_frozen_files()
    {
        await WriteAsync();
        await using (var notes = _folder.Open()) CollectionFolder.RequireExactly(notes, Expected());
        if (Environment.GetEnvironmentVariable("SKEP_WRITE_FIXTURE") is { Length: > 0 } target) Pack(_folder.Path, target);
    }

    private static Dictionary<int, int> Expected()
    {
        var expected = CollectionFolder.Versions(0, Compacted + Later);
        for (var i = 0; i < 10; i++) expected[i] = 1;
        expected.Remove(15);
        return expected;
    }

    private async Task WriteAsync()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, Compacted));
        await notes.CompactAsync();
        await notes.UpsertAsync(CollectionFolder.Records(Compacted, Later));
        await notes.UpsertAsync(CollectionFolder.Records(0, 10, version: 1));
        await notes.DeleteAsync(["key-15"]);
    }

    private static void Unpack(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetFiles(from, "*.gz"))
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var file = File.Create(Path.Combine(to, Path.GetFileNameWithoutExtension(path)));
            packed.CopyTo(file);
        }
    }

    private static void Pack(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetFiles(from).Where(p => Path.GetFileName(p) != "LOCK"))
        {
            using var packed = new GZipStream(File.Create(Path.Combine(to, Path.GetFileName(path) + ".gz")), CompressionLevel.SmallestSize);
            using var file = File.OpenRead(path);
            file.CopyTo(packed);
        }
    }
}
