namespace Skep.Plans.Drawing;

/// <summary>
/// Horizontal places. In turn every layer moves as close as it can to the mean of its neighbours: least squares under "keep the order
/// and the distance", which is isotonic regression and solved exactly by pooling adjacent violators.
/// </summary>
internal static class LayerCoordinates
{
    private const int Passes = 16;

    public static double[] Assign(LayerGraph graph, double gap)
    {
        var x = new double[graph.Count];
        foreach (var layer in graph.Layers) Center(graph, layer, x, gap);
        for (var pass = 0; pass < Passes; pass++)
            for (var i = 0; i < graph.Layers.Count; i++)
                Move(graph, graph.Layers[pass % 2 == 0 ? i : graph.Layers.Count - 1 - i], x, gap, pass);
        Pack(graph, x, gap);
        return x;
    }

    /// <summary>Nothing pulls unconnected parts together, so each in turn moves left until it meets what stands there.</summary>
    private static void Pack(LayerGraph graph, double[] x, double gap)
    {
        var edge = Enumerable.Repeat(double.NegativeInfinity, graph.Layers.Count).ToArray();
        var start = double.PositiveInfinity;
        foreach (var part in Components(graph).OrderBy(c => c.Average(v => x[v])).ThenBy(c => c[0]))
        {
            var left = part.Min(v => x[v] - (graph.Width[v] / 2));
            var shift = part.Max(v => edge[graph.LayerOf[v]] + gap - (x[v] - (graph.Width[v] / 2)));
            if (double.IsInfinity(start)) start = left;
            shift = Math.Max(shift, start - left);
            foreach (var v in part) x[v] += shift;
            foreach (var v in part) edge[graph.LayerOf[v]] = Math.Max(edge[graph.LayerOf[v]], x[v] + (graph.Width[v] / 2));
        }
    }

    private static List<List<int>> Components(LayerGraph graph)
    {
        var parts = new List<List<int>>();
        var seen = new bool[graph.Count];
        for (var v = 0; v < graph.Count; v++)
        {
            if (seen[v]) continue;
            var part = new List<int> { v };
            seen[v] = true;
            for (var i = 0; i < part.Count; i++)
                foreach (var next in graph.Above[part[i]].Concat(graph.Below[part[i]]))
                {
                    if (seen[next]) continue;
                    seen[next] = true;
                    part.Add(next);
                }

            parts.Add(part);
        }

        return parts;
    }

    private static void Center(LayerGraph graph, List<int> layer, double[] x, double gap)
    {
        var at = 0.0;
        for (var i = 0; i < layer.Count; i++) x[layer[i]] = at += i == 0 ? 0 : Distance(graph, layer[i - 1], layer[i], gap);
        foreach (var v in layer) x[v] -= at / 2;
    }

    private static void Move(LayerGraph graph, List<int> layer, double[] x, double gap, int pass)
    {
        var (offset, wanted, weight) = (new double[layer.Count], new double[layer.Count], new double[layer.Count]);
        for (var i = 0; i < layer.Count; i++)
        {
            var v = layer[i];
            offset[i] = i == 0 ? 0 : offset[i - 1] + Distance(graph, layer[i - 1], v, gap);
            var near = Neighbours(graph, v, pass);
            wanted[i] = (near.Count == 0 ? x[v] : near.Average(n => x[n])) - offset[i];
            weight[i] = near.Count == 0 ? 0.05 : graph.IsBox[v] ? 1 : 3;
        }

        var moved = Pool(wanted, weight);
        for (var i = 0; i < layer.Count; i++) x[layer[i]] = moved[i] + offset[i];
    }

    /// <summary>Above on the way down, below on the way up, both in the last passes.</summary>
    private static List<int> Neighbours(LayerGraph graph, int v, int pass)
    {
        if (pass >= Passes - 4) return [.. graph.Above[v], .. graph.Below[v]];
        return pass % 2 == 0 ? graph.Above[v] : graph.Below[v];
    }

    private static double[] Pool(double[] wanted, double[] weight)
    {
        var blocks = new List<(double Mean, double Weight, int Count)>();
        for (var i = 0; i < wanted.Length; i++)
        {
            var block = (Mean: wanted[i], Weight: weight[i], Count: 1);
            while (blocks.Count > 0 && blocks[^1].Mean > block.Mean)
            {
                var left = blocks[^1];
                var sum = left.Weight + block.Weight;
                block = (((left.Mean * left.Weight) + (block.Mean * block.Weight)) / sum, sum, left.Count + block.Count);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        return [.. blocks.SelectMany(b => Enumerable.Repeat(b.Mean, b.Count))];
    }

    private static double Distance(LayerGraph graph, int left, int right, double gap) =>
        ((graph.Width[left] + graph.Width[right]) / 2) + (graph.IsBox[left] && graph.IsBox[right] ? gap : gap * 0.6);
}
