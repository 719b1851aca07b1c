using System.Globalization;
using Skep.Vectors.Collections;
using Skep.VectorWriter;
using Xunit.Abstractions;

namespace Skep.Crash;

/// <summary>
/// Kills a process that inserts, updates, deletes, links and compacts, again and again, and looks at what it left. <c>SKEP_CRASH_KILLS</c> sets how often
/// (default 25, in CI 200), <c>SKEP_SEED</c> the instants.
/// </summary>
[Collection("kills")]
public sealed class VectorKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Queries = 200, K = 10, Ef = 50;

    /// <summary>One life in so many ends after its first compaction has. Where compacting takes longer than a life, dead rows would pile up until the collection is full.</summary>
    private const int CompactsEvery = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("skep-crash-").FullName, "vectors");
    private readonly VectorModel _model = new();
    private int _torn, _unheard, _early, _whileCompacting;

    [Fact]
    public async Task Every_acknowledged_write_is_there_after_a_kill_and_is_found_as_well_as_without()
    {
        if (OperatingSystem.IsWindows()) return; // the collection maps its files as a Unix does
        var kills = Number("SKEP_CRASH_KILLS", 25);
        var random = new Random(Number("SKEP_SEED", 1));
        for (var i = 0; i < kills; i++)
        {
            await LiveAndDieAsync(random, compacts: i % CompactsEvery == CompactsEvery - 1);
            await using var left = VectorCollection.Open(_folder, VectorWork.Options with { VerifyOnOpen = true, AutoCompact = false });
            Assert.Empty(left.Opening.Rebuilt);
            _torn += left.Opening.TornBytes > 0 ? 1 : 0;
            _unheard += _model.Require(left);
        }

        var (killed, calm) = (await RecallAsync(_folder), await RecallOfCalmAsync());
        output.WriteLine($"{kills} kills ({_early} before it was open, {_whileCompacting} in a compaction), {_model.Next.Sum()} steps, {_torn} torn logs, {_unheard} steps stored but not told; recall@{K} {killed:0.000}, without kills {calm:0.000}");
        Assert.True(_whileCompacting > kills / 10, $"only {_whileCompacting} of {kills} kills met a compaction");
        // Threads link in an order of their own, so two graphs of the same records differ by a few hits.
        Assert.InRange(killed, calm - 0.015, 1);
        Assert.InRange(calm, 0.8, 0.999); // The graph was walked, not everything scanned.
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    /// <summary>
    /// One life: it is killed some time after it has opened the collection, or has compacted it; every sixth some time after its start, often while it opens it.
    /// </summary>
    private async Task LiveAndDieAsync(Random random, bool compacts)
    {
        using var writer = new VectorWriterProcess(_folder, _model.Next);
        var early = random.Next(6) == 0 && !compacts;
        await using var timer = TimeProvider.System.CreateTimer(_ => writer.Kill(), null, early ? TimeSpan.FromMilliseconds(random.Next(50, 200)) : Patience, Timeout.InfiniteTimeSpan);
        var life = TimeSpan.FromMilliseconds(random.NextDouble() * 300);
        var (isOpen, compacting, isDying) = (false, false, early);
        while (await writer.NextAsync() is { } words)
        {
            if (words[0] == "ack") _model.Acknowledge(int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
            else if (words[0] == "compacting") compacting = words[1] == "1";
            else if (words[0] == "open") isOpen = true;
            if (isDying || !(compacts ? words is ["compacting", "0"] : isOpen)) continue;
            isDying = true;
            timer.Change(life, Timeout.InfiniteTimeSpan);
        }

        const int killed = 128 + 9;
        var code = await writer.EndAsync();
        Assert.True(code == killed, $"it ended by itself with {code}: {writer.Errors}");
        Assert.True(isDying, $"it did not {(isOpen ? "compact" : "open")} the collection in {Patience}: {writer.Errors}");
        _early += isOpen ? 0 : 1;
        _whileCompacting += compacting ? 1 : 0;
    }

    /// <summary>The same records, written by a process that nobody killed.</summary>
    private async Task<double> RecallOfCalmAsync()
    {
        var folder = _folder + "-calm";
        await using (var calm = VectorCollection.Open(folder, VectorWork.Options))
        {
            foreach (var some in _model.Records.Chunk(500)) await calm.UpsertAsync([.. some.Select(r => VectorWork.Record(r.Key, r.Value))]);
        }

        return await RecallAsync(folder);
    }

    private static async Task<double> RecallAsync(string folder)
    {
        await using var collection = VectorCollection.Open(folder, VectorWork.Options);
        await collection.CompactAsync(); // Searches look farther where there are deleted rows.
        var found = 0;
        for (var i = 0; i < Queries; i++)
        {
            var query = VectorWork.Record($"query-{i}", i).Vector;
            var exact = collection.Search(query.Span, new CollectionQuery { K = K, Exact = true }).Select(m => m.Key).ToHashSet();
            found += collection.Search(query.Span, new CollectionQuery { K = K, Ef = Ef }).Count(m => exact.Contains(m.Key));
        }

        return (double)found / (Queries * K);
    }

    private static int Number(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
