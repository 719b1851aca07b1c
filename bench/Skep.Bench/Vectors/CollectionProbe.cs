using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Bench.Vectors;

/// <summary>
/// A process of its own that opens a collection and says how long that took, or how much memory it takes: what this process has in memory and has compiled
/// would count otherwise.
/// </summary>
internal static partial class CollectionProbe
{
    /// <summary>The verb by which this program is the probe.</summary>
    public const string Verb = "collection-probe";

    private const int Queries = 2_000;
    private const int DontNeed = 4;

    /// <summary>Runs the probe in a new process. Returns what it says, by name.</summary>
    /// <param name="what">open, memory, or heap (the same rows as an index of full vectors in memory).</param>
    /// <param name="folder">The collection's folder.</param>
    /// <param name="codes">Its codes.</param>
    /// <param name="ef">Candidates of each search.</param>
    /// <param name="queries">A file of queries.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string what, string folder, VectorCodes codes, int ef, string queries)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Kernel.Host(), Verb, $"--what={what}", $"--folder={folder}", $"--codes={codes}", $"--ef={ef}", $"--queries-file={queries}"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var said = new Dictionary<string, double>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split('=') is [var name, var value]) said[name] = double.Parse(value, CultureInfo.InvariantCulture);
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"the probe ended with {process.ExitCode}");
    }

    /// <summary>Is the probe.</summary>
    public static async Task ServeAsync(Func<string, string?> option)
    {
        var (folder, codes) = (option("--folder=")!, Enum.Parse<VectorCodes>(option("--codes=")!));
        var ef = int.Parse(option("--ef=")!, CultureInfo.InvariantCulture);
        var queries = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(option("--queries-file=")!).AsSpan(0, Queries * CollectionSet.Dimension * sizeof(float))).ToArray();
        var options = CollectionRig.Options(codes, 1_100_000);
        await (option("--what=") switch
        {
            "open" => OpenAsync(folder, options, ef, queries),
            "memory" => MemoryAsync(folder, options, ef, queries),
            _ => HeapAsync(folder, options, ef, queries),
        });
    }

    /// <summary>Takes a collection's files out of the page cache, as far as nobody has them mapped. Any user may.</summary>
    public static void DropFromCache(string folder)
    {
        foreach (var path in Directory.GetFiles(folder))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(file);
            _ = Advise((int)file.DangerousGetHandle(), 0, 0, DontNeed);
        }
    }

    private static async Task OpenAsync(string folder, CollectionOptions options, int ef, float[] queries)
    {
        var clock = Stopwatch.StartNew();
        await using var opened = VectorCollection.Open(folder, options);
        Say("open", clock);
        var plain = new CollectionQuery { Ef = ef, WithFields = false };
        clock.Restart();
        opened.Search(Query(queries, 0), plain);
        Say("first", clock);
        clock.Restart();
        opened.Search(Query(queries, 1), plain with { Filter = Filter.Parse("score < 10") });
        Say("first-number", clock);
        clock.Restart();
        opened.Search(Query(queries, 2), plain with { Filter = Filter.Parse("kind = 'k7'") });
        Say("first-string", clock);
        clock.Restart();
        for (var i = 3; i < 103; i++) opened.Search(Query(queries, i), plain);
        Say("next", clock.Elapsed.TotalSeconds / 100);
    }

    private static async Task MemoryAsync(string folder, CollectionOptions options, int ef, float[] queries)
    {
        await WarmUpAsync(options, queries);
        var segment = Directory.GetFiles(folder, "segment-*.skv").Single();
        var before = Settled(null);
        await using var opened = VectorCollection.Open(folder, options with { VerifyOnOpen = true });
        // Codes and links are copied into memory in the background.
        var patience = Stopwatch.StartNew();
        while (opened.Stats.SegmentBytes > 64 << 20 && SegmentMemory.IsMapped(segment, SegmentPart.Level0) && patience.Elapsed < TimeSpan.FromMinutes(1)) Thread.Yield();
        for (var i = 0; i < Queries; i++) opened.Search(Query(queries, i), new CollectionQuery { Ef = ef, WithFields = false });
        Print(before, Settled(segment), opened.Count);
    }

    private static async Task HeapAsync(string folder, CollectionOptions options, int ef, float[] queries)
    {
        await WarmUpAsync(options, queries);
        var before = Settled(null);
        using var index = Copy(folder, options);
        var hits = new VectorHit[CollectionSet.K];
        for (var i = 0; i < Queries; i++) index.Search(Query(queries, i), hits, new SearchSettings { Ef = ef });
        Print(before, Settled(null), index.Count);
    }

    /// <summary>The segment's rows and graph as an index that is in memory as a whole.</summary>
    private static VectorIndex Copy(string folder, CollectionOptions options)
    {
        var file = SegmentFile.Open(FileSystem.Real, Directory.GetFiles(folder, "segment-*.skv").Single());
        using var generation = new SegmentLoader(file, new CollectionState(options, FileSystem.Real, null), []).Load(verify: false);
        return generation.Index.Compact(out _);
    }

    /// <summary>Code that is compiled and buffers that are kept for ever are no vector's memory.</summary>
    private static async Task WarmUpAsync(CollectionOptions options, float[] queries)
    {
        await using var small = VectorCollection.Open(null, options);
        await small.UpsertAsync([.. Enumerable.Range(0, Queries).Select(i => new VectorRecord($"{i}", queries.AsMemory(i * CollectionSet.Dimension, CollectionSet.Dimension)))]);
        await small.LinkAsync();
        for (var i = 0; i < Queries; i++) small.Search(Query(queries, i), new CollectionQuery { Ef = 20, WithFields = false });
    }

    private static SegmentMemory Settled(string? segment)
    {
        for (var i = 0; i < 3; i++) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return SegmentMemory.Now(segment);
    }

    private static void Print(SegmentMemory before, SegmentMemory after, int rows)
    {
        Say("own", (after.Own - before.Own) / (double)rows);
        Say("walked", after.Walked / (double)rows);
        Say("rest", after.Rest / (double)rows);
        Say("runtime", before.Own);
    }

    private static ReadOnlySpan<float> Query(float[] queries, int i) => queries.AsSpan(i * CollectionSet.Dimension, CollectionSet.Dimension);

    private static void Say(string name, Stopwatch clock) => Say(name, clock.Elapsed.TotalSeconds);

    private static void Say(string name, double value) => Console.WriteLine(FormattableString.Invariant($"{name}={value:R}"));

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
