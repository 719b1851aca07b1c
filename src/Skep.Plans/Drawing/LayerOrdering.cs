namespace Skep.Plans.Drawing;

/// <summary>Fewer crossings by the barycenter heuristic: sort each layer by the mean place of its neighbours, down and up, keep the best.</summary>
internal static class LayerOrdering
{
    private const int Sweeps = 8;

    public static void Reduce(LayerGraph graph)
    {
        var place = new double[graph.Count];
        foreach (var layer in graph.Layers) Number(layer, place);
        var best = graph.Layers.Select(l => l.ToArray()).ToArray();
        var fewest = Crossings(graph, place);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var down = sweep % 2 == 0;
            for (var i = 0; i < graph.Layers.Count; i++)
                Sort(graph.Layers[down ? i : graph.Layers.Count - 1 - i], down ? graph.Above : graph.Below, place);
            var crossings = Crossings(graph, place);
            if (crossings >= fewest) continue;
            fewest = crossings;
            best = [.. graph.Layers.Select(l => l.ToArray())];
        }

        for (var i = 0; i < best.Length; i++) graph.Layers[i] = [.. best[i]];
    }

    private static void Sort(List<int> layer, List<List<int>> neighbours, double[] place)
    {
        var wanted = layer.ToDictionary(v => v, v => neighbours[v].Count == 0 ? place[v] : neighbours[v].Average(n => place[n]));
        var sorted = layer.OrderBy(v => wanted[v]).ThenBy(v => place[v]).ToArray();
        layer.Clear();
        layer.AddRange(sorted);
        Number(layer, place);
    }

    private static void Number(List<int> layer, double[] place)
    {
        for (var i = 0; i < layer.Count; i++) place[layer[i]] = i;
    }

    /// <summary>Inversions between neighbouring layers, counted with a Fenwick tree (Barth, Mutzel and Jünger 2004).</summary>
    private static long Crossings(LayerGraph graph, double[] place)
    {
        var crossings = 0L;
        foreach (var layer in graph.Layers)
        {
            var ends = layer.SelectMany(v => graph.Below[v].Select(n => (int)place[n]).Order()).ToArray();
            if (ends.Length < 2) continue;
            var tree = new int[ends.Max() + 2];
            for (var i = 0; i < ends.Length; i++)
            {
                var before = 0;
                for (var k = ends[i] + 1; k > 0; k -= k & -k) before += tree[k];
                crossings += i - before;
                for (var k = ends[i] + 1; k < tree.Length; k += k & -k) tree[k]++;
            }
        }

        return crossings;
    }
}
