using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Bench.Vectors;

/// <summary>Factors that are claimed of vector stores with an index, each beside the baseline that gives it a meaning, on 100,000 records. Whether they hold depends on that baseline, so it is named.</summary>
internal static class ClaimsBench
{
    private const int Records = 100_000;
    private static readonly (string Text, Func<FieldValues, bool> Holds, string Share)[] Filters =
    [
        ("score < 10", f => f["score"].AsNumber < 10, "10 %"),
        ("kind = 'k7'", f => f["kind"].AsText == "k7", "1 %"),
    ];

    /// <summary>Measures all.</summary>
    /// <param name="table">The table.</param>
    /// <param name="set">The records.</param>
    /// <param name="rig">A collection of them, compacted.</param>
    /// <param name="ef">Candidates for recall 0.95.</param>
    public static async Task RunAsync(Table table, CollectionSet set, CollectionRig rig, int ef)
    {
        var objects = Enumerable.Range(0, Records).Select(i => (Vector: set.Row(i).ToArray(), Fields: CollectionSet.Fields(i))).ToArray();
        var lines = await JsonFile.MakeAsync(set, Records);
        try
        {
            foreach (var (text, holds, share) in Filters) Filtered(table, set, rig, (text, holds, share), objects, lines);
        }
        finally
        {
            File.Delete(lines);
        }

        Searches(table, set, rig, objects, ef);
        await CommitsAsync(table, set);
        Codes(table, set);
    }

    private static void Filtered(Table table, CollectionSet set, CollectionRig rig, (string Text, Func<FieldValues, bool> Holds, string Share) filter, (float[] Vector, FieldValues Fields)[] objects, string lines)
    {
        var query = new CollectionQuery { Filter = Filter.Parse(filter.Text), WithFields = false };
        var seconds = rig.SearchSeconds(query, 300);
        var recall = Enumerable.Range(0, 100).Average(q => rig.Collection.Search(set.Query(q).Span, query).Select(m => m.Key).Intersect(rig.Collection.Search(set.Query(q).Span, query with { Exact = true }).Select(m => m.Key)).Count() / (double)CollectionSet.K);
        var memory = Fastest(5, q => Scan(objects, set.Query(q).Span, filter.Holds));
        var json = Fastest(2, q => JsonFile.Scan(lines, set.Query(q).Span, filter.Holds));
        var what = $"a filter that {filter.Share} of {Records:N0} records pass, recall {recall.ToString("0.000", CultureInfo.InvariantCulture)}";
        Claim(table, $"{what} (baseline: a scan of objects in memory, filter and distance for each record)", seconds, memory, "");
        Claim(table, $"claim: large queries 12,500 times faster: {what} (baseline: a scan of records as JSON lines, each parsed for each query)", seconds, json, "12500");
    }

    private static void Searches(Table table, CollectionSet set, CollectionRig rig, (float[] Vector, FieldValues Fields)[] objects, int ef)
    {
        var walk = rig.SearchSeconds(new CollectionQuery { Ef = ef, WithFields = false }, 1_000);
        var scan = Fastest(10, q => Scan(objects, set.Query(q).Span, static _ => true));
        var exact = rig.SearchSeconds(new CollectionQuery { Exact = true, WithFields = false }, 20);
        Claim(table, $"claim: search 150 times faster: recall 0.95 among {Records:N0} (baseline: our own exact scan)", walk, exact, "150");
        Claim(table, "the same (baseline: a scan of objects in memory with the runtime's dot product)", walk, scan, "150");
    }

    private static async Task CommitsAsync(Table table, CollectionSet set)
    {
        const int singles = 1_000, batched = 10_000;
        await using var rig = new CollectionRig(set, VectorCodes.Bits7);
        var single = await rig.InsertAsync(0, singles, batch: 1) / singles;
        var batch = await rig.InsertAsync(singles, singles + batched) / batched;
        Claim(table, $"claim: inserts 500 times faster: one record in batches of {CollectionRig.Batch:N0} (baseline: a commit with a sync for each record)", batch, single, "500");
    }

    private static void Codes(Table table, CollectionSet set)
    {
        foreach (var codes in Enum.GetValues<VectorCodes>().Where(c => c != VectorCodes.Full))
        {
            using var index = new VectorIndex(new VectorIndexOptions { Dimension = CollectionSet.Dimension, Codes = codes, MaxRows = 20_000 });
            for (var i = 0; i < 2_000; i++) index.Add(set.Row(i).Span);
            index.Link();
            var bytes = (index.BytesWalked - index.LinkBytes) / (double)index.Count;
            const double full = CollectionSet.Dimension * sizeof(float);
            table.Row($"claim: vectors 4 to 32 times smaller: bytes of one by {codes} (baseline: 32-bit floats)", bytes.ToString("N0", CultureInfo.InvariantCulture), full.ToString("N0", CultureInfo.InvariantCulture), full / bytes, "≥ 4 times", full / bytes >= 3.9);
        }
    }

    private static void Claim(Table table, string what, double ours, double baseline, string claimed)
    {
        double? least = claimed.Length == 0 ? null : double.Parse(claimed, CultureInfo.InvariantCulture);
        table.Row(what, Time(ours), Time(baseline), baseline / ours, least is { } l ? $"≥ {l.ToString("N0", CultureInfo.InvariantCulture)} times" : "", least is null ? null : baseline / ours >= least);
    }

    /// <summary>The ten nearest of those that pass, all compared. Returns the nearest one's number, so that nothing is left out.</summary>
    private static int Scan((float[] Vector, FieldValues Fields)[] objects, ReadOnlySpan<float> query, Func<FieldValues, bool> holds)
    {
        var nearest = new PriorityQueue<int, float>();
        for (var i = 0; i < objects.Length; i++)
        {
            if (!holds(objects[i].Fields)) continue;
            var closeness = TensorPrimitives.Dot(objects[i].Vector, query);
            if (nearest.Count < CollectionSet.K) nearest.Enqueue(i, closeness);
            else nearest.EnqueueDequeue(i, closeness);
        }

        return nearest.Peek();
    }

    private static double Fastest(int times, Func<int, int> search)
    {
        var best = double.PositiveInfinity;
        for (var q = 0; q < times; q++)
        {
            var clock = Stopwatch.StartNew();
            if (search(q) < 0) throw new InvalidOperationException("a scan finds nothing");
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static string Time(double seconds) => seconds switch
    {
        >= 1 => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        >= 0.001 => $"{(seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture)} ms",
        _ => $"{(seconds * 1e6).ToString("0", CultureInfo.InvariantCulture)} µs",
    };

    /// <summary>Records as a file of JSON lines, which is what a store without an index reads for each query.</summary>
    private static class JsonFile
    {
        public static async Task<string> MakeAsync(CollectionSet set, int records)
        {
            var path = Path.Combine(Path.GetTempPath(), $"skep-bench-{Environment.ProcessId}.jsonl");
            await using var file = File.Create(path, 1 << 20);
            for (var i = 0; i < records; i++)
            {
                await using (var json = new Utf8JsonWriter(file)) Write(json, set, i);
                file.WriteByte((byte)'\n');
            }

            return path;
        }

        public static int Scan(string path, ReadOnlySpan<float> query, Func<FieldValues, bool> holds)
        {
            var (nearest, vector, number) = (new PriorityQueue<int, float>(), new float[CollectionSet.Dimension], 0);
            foreach (var line in File.ReadLines(path))
            {
                using var record = JsonDocument.Parse(line);
                var fields = new FieldValues { ["kind"] = record.RootElement.GetProperty("kind").GetString()!, ["score"] = record.RootElement.GetProperty("score").GetDouble() };
                if (holds(fields))
                {
                    var at = 0;
                    foreach (var x in record.RootElement.GetProperty("vector").EnumerateArray()) vector[at++] = x.GetSingle();
                    var closeness = TensorPrimitives.Dot(vector, query);
                    if (nearest.Count < CollectionSet.K) nearest.Enqueue(number, closeness);
                    else nearest.EnqueueDequeue(number, closeness);
                }

                number++;
            }

            return nearest.Peek();
        }

        private static void Write(Utf8JsonWriter json, CollectionSet set, int i)
        {
            json.WriteStartObject();
            json.WriteString("kind", CollectionSet.Fields(i)["kind"].AsText);
            json.WriteNumber("score", CollectionSet.Fields(i)["score"].AsNumber);
            json.WriteStartArray("vector");
            foreach (var x in set.Row(i).Span) json.WriteNumberValue(x);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
