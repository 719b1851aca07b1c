using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>The rows about several threads at once: ours over one index, node's workers with a copy each, and usearch's own threads for a batch over one index.</summary>
internal static class SharedRows
{
    public static void Print(Table table, VectorData data, VectorIndex index, Curve one, VectorCodes codes, int queries, IReadOnlyList<int> threads, PeerRun? hnswlib, PeerRun? usearch)
    {
        foreach (var count in threads)
        {
            var ours = Ours.Together(one, index, data, queries, count);
            foreach (var recall in Curve.Recalls)
            {
                var qps = ours.QpsAt(recall);
                VectorsBench.Against(table, $"{data.Name}, {codes}: queries/s at recall {recall:0.00}, {count} threads (baseline: hnswlib-node, {count} workers, each with its own copy)", qps, Qps(hnswlib, count, "workers", recall), CodeRows.GoalOverHnswlib(codes));
                VectorsBench.Against(table, $"the same (baseline: usearch f32, {count} workers, each with its own copy)", qps, Qps(usearch, count, "workers", recall), CodeRows.GoalOverUsearch(codes));
                VectorsBench.Against(table, $"the same (baseline: usearch f32, its own batch search by {count} threads over one index)", qps, Qps(usearch, count, "batch", recall), CodeRows.GoalOverUsearch(codes));
                VectorsBench.Against(table, "the same (baseline: ours, one thread)", qps, one.QpsAt(recall), 0);
            }

            if (codes == VectorCodes.Full) Copies(table, data, count, hnswlib, usearch);
        }
    }

    private static void Copies(Table table, VectorData data, int threads, params ReadOnlySpan<PeerRun?> peers)
    {
        foreach (var peer in peers)
        {
            if (Find(peer, threads, "workers") is not { } told) continue;
            // Less than the file cannot be: then the process gave other memory back meanwhile.
            var seen = told.MemoryBytes >= told.CopyBytes;
            table.Row($"{data.Name}: memory that each of {threads} workers of {peer!.Curve.Name} takes for its copy (baseline: the file of the index; our threads share one)", seen ? $"{told.MemoryBytes / 1e6:0} MB" : "not seen", $"{told.CopyBytes / 1e6:0} MB", seen ? told.MemoryBytes / told.CopyBytes : null, "", null);
        }
    }

    private static double? Qps(PeerRun? peer, int threads, string how, double recall) => Find(peer, threads, how)?.Curve.QpsAt(recall);

    private static PeerThreads? Find(PeerRun? peer, int threads, string how) => peer?.Shared.FirstOrDefault(s => s.Threads == threads && s.How == how);
}
