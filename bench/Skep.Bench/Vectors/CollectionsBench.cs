using System.Diagnostics;
using System.Globalization;
using Skep.Vectors;
using Skep.Vectors.Collections;

namespace Skep.Bench.Vectors;

/// <summary>
/// Collections on disk: how fast records are stored, opened and found as they become more, what they take of memory, and what a filter and an index are worth
/// beside doing without. A million records are measured when that is asked for.
/// </summary>
internal static class CollectionsBench
{
    private const double Recall = 0.95;
    private const int SteadyEf = 64;
    private const int Few = 10_000, Many = 100_000, Most = 1_000_000;

    /// <summary>Measure a million records too: some twenty minutes on two cores.</summary>
    public static bool IsLarge { get; set; }

    public static async Task RunAsync(Table table)
    {
        var set = CollectionSet.Open(VectorsBench.DataFolder, IsLarge ? Most : Many);
        table.Row($"append of 4 KiB with a sync, {Path.GetTempPath()}", $"{Disk.FlushSeconds(Path.GetTempPath(), 200) * 1000:0.00} ms", "", null, "", null);
        var heap = await FullAsync(table, set);
        var (points, steady) = (new List<(int Rows, double Seconds)>(), new List<(int Rows, double Seconds)>());
        foreach (var size in IsLarge ? [Few, Many, Most] : new[] { Few, Many })
        {
            await using var rig = new CollectionRig(set, VectorCodes.Bits7);
            await StoreAsync(table, rig, size);
            var (ef, seconds) = Search(table, set, rig, size);
            points.Add((size, seconds));
            steady.Add((size, rig.SearchSeconds(new CollectionQuery { Ef = SteadyEf, WithFields = false }, 2_000)));
            if (size == Few) continue;
            await OpenAsync(table, set, rig, size, ef);
            await MemoryAsync(table, set, rig, size, ef, heap, 0.35);
            if (size == Many) await ClaimsBench.RunAsync(table, set, rig, ef);
            await BurstAsync(table, rig, size);
        }

        Fit(table, points, $"at recall {Recall}", 0.25);
        Fit(table, steady, $"at ef {SteadyEf}, whose recall falls as rows become more", null);
        foreach (var size in IsLarge ? [Many, Most] : new[] { Many }) await BitAsync(table, set, size, heap);
    }

    /// <summary>Full vectors: on disk, and as an index in memory, which the others are compared with.</summary>
    private static async Task<Heap> FullAsync(Table table, CollectionSet set)
    {
        await using var rig = new CollectionRig(set, VectorCodes.Full);
        await rig.InsertAsync(0, Many);
        await rig.Collection.CompactAsync();
        var (ef, _) = rig.EfFor(Recall, set.Truth(Many));
        await rig.CloseAsync();
        var said = await CollectionProbe.RunAsync("heap", rig.Folder, rig.Codes, ef, set.QueriesFile);
        table.Row($"{Many:N0} records, full vectors: bytes of memory for each as an index in memory, links among them", Whole(said["own"]), "", null, "", null);
        var heap = new Heap(said["own"]);
        rig.Reopen();
        await MemoryAsync(table, set, rig, Many, ef, heap, null);
        return heap;
    }

    private static async Task BitAsync(Table table, CollectionSet set, int size, Heap heap)
    {
        await using var rig = new CollectionRig(set, VectorCodes.Bit1);
        await rig.InsertAsync(0, size);
        await rig.Collection.CompactAsync();
        var (ef, _) = Search(table, set, rig, size);
        await MemoryAsync(table, set, rig, size, ef, heap, 0.12);
    }

    private static async Task StoreAsync(Table table, CollectionRig rig, int size)
    {
        var (syncs, seconds) = (rig.Syncs, await rig.InsertAsync(0, size));
        var rate = size / seconds;
        table.Row($"records/s into an empty collection until it holds {size:N0}, batches of {CollectionRig.Batch:N0}, one caller, {rig.Syncs - syncs:N0} syncs", Whole(rate), "", null, size == Few ? "≥ 20,000" : "", size == Few ? rate >= 20_000 : null);
        var clock = Stopwatch.StartNew();
        await rig.Collection.CompactAsync();
        table.Row($"{size:N0} records: linking what still waits, and compaction", $"{clock.Elapsed.TotalSeconds:0.0} s", "", null, "", null);
    }

    /// <summary>More records on top of those that are there and linked; the queries of the set serve as such.</summary>
    private static async Task BurstAsync(Table table, CollectionRig rig, int size)
    {
        var seconds = await rig.InsertAsync(size, size + Few);
        table.Row($"records/s of {Few:N0} more into a collection that holds {size:N0}", Whole(Few / seconds), "", null, "", null);
    }

    private static (int Ef, double Seconds) Search(Table table, CollectionSet set, CollectionRig rig, int size)
    {
        var (ef, recall) = rig.EfFor(Recall, set.Truth(size));
        var seconds = rig.SearchSeconds(new CollectionQuery { Ef = ef, WithFields = false }, 2_000);
        table.Row($"{size:N0} records, {rig.Codes}: one search of the ten nearest at recall {Number(recall, "0.000")} (ef {ef}), p50", $"{seconds * 1e6:0} µs", "", null, "", null);
        return (ef, seconds);
    }

    private static void Fit(Table table, List<(int Rows, double Seconds)> points, string how, double? most)
    {
        var (x, y) = (points.Average(p => Math.Log(p.Rows)), points.Average(p => Math.Log(p.Seconds)));
        var slope = points.Sum(p => (Math.Log(p.Rows) - x) * (Math.Log(p.Seconds) - y)) / points.Sum(p => Math.Pow(Math.Log(p.Rows) - x, 2));
        var times = string.Join(", ", points.Select(static p => $"{p.Seconds * 1e6:0} µs"));
        table.Row($"growth of search time with records {how}, {Few:N0} to {points[^1].Rows:N0} ({times}): exponent (1 is a scan)", Number(slope, "0.00"), "1", slope, most is { } m ? $"≤ {Number(m, "0.00")}" : "", most is null ? null : slope <= most);
    }

    private static async Task OpenAsync(Table table, CollectionSet set, CollectionRig rig, int size, int ef)
    {
        await rig.CloseAsync();
        foreach (var isCold in new[] { true, false })
        {
            if (isCold) CollectionProbe.DropFromCache(rig.Folder);
            var said = await CollectionProbe.RunAsync("open", rig.Folder, rig.Codes, ef, set.QueriesFile);
            var how = isCold ? "files dropped from the page cache (posix_fadvise)" : "files in the page cache";
            table.Row($"{size:N0} records with two fields: opening in a new process, {how}", Milliseconds(said["open"]), "", null, size == Most ? "≤ 200 ms" : "", size == Most ? said["open"] <= 0.2 : null);
            table.Row("the same: its first search, first filter on a number, first filter on a string (baseline: a search of the next hundred)", $"{Milliseconds(said["first"])}, {Milliseconds(said["first-number"])}, {Milliseconds(said["first-string"])}", Milliseconds(said["next"]), null, "", null);
        }

        rig.Reopen();
    }

    private static async Task MemoryAsync(Table table, CollectionSet set, CollectionRig rig, int size, int ef, Heap heap, double? most)
    {
        await rig.CloseAsync();
        var said = await CollectionProbe.RunAsync("memory", rig.Folder, rig.Codes, ef, set.QueriesFile);
        var stays = said["own"] + said["walked"];
        var goal = most is { } m ? $"≤ {Number(m, "0.00")}" : "";
        table.Row($"{size:N0} records, {rig.Codes}, compacted: bytes of memory for each that must stay (own {Whole(said["own"])}, mapped codes and links {Whole(said["walked"])}) after 2,000 searches at ef {ef} (baseline: full vectors in memory)", Whole(stays), Whole(heap.Bytes), stays / heap.Bytes, goal, most is null ? null : stays / heap.Bytes <= most);
        table.Row("the same, with the pages of full vectors and keys that those searches brought in from the page cache, which the system may take back", Whole(stays + said["rest"]), Whole(heap.Bytes), (stays + said["rest"]) / heap.Bytes, "", null);
        rig.Reopen();
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Milliseconds(double seconds) => $"{Number(seconds * 1000, seconds < 0.01 ? "0.00" : "0")} ms";

    /// <summary>What full vectors in memory take, each with its links.</summary>
    private readonly record struct Heap(double Bytes);
}
