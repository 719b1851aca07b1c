namespace Skep.Plans.Drawing;

/// <summary>A point in pixels.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>Where boxes stand and where long edges bend.</summary>
/// <param name="Boxes">Top left corner of every box.</param>
/// <param name="Bends">Per edge the points it passes between its ends, in pairs: into and out of every layer it crosses.</param>
/// <param name="Width">Width of the whole.</param>
/// <param name="Height">Height of the whole.</param>
internal sealed record LayoutResult(IReadOnlyList<Point> Boxes, IReadOnlyList<IReadOnlyList<Point>> Bends, double Width, double Height);

/// <summary>
/// A layered drawing after Sugiyama, Tagawa and Toda (1981): longest-path layering with a limit on the width, places for edges that cross
/// layers, a few barycenter sweeps against crossings, then coordinates that pull every box towards its neighbours.
/// </summary>
internal sealed class LayeredLayout
{
    /// <summary>Most places given to edges that cross layers; edges beyond it are drawn straight.</summary>
    public const int MaxBends = 4_000;

    private readonly IReadOnlyList<(double Width, double Height)> _boxes;
    private readonly IReadOnlyList<(int From, int To)> _edges;
    private readonly int[] _layerOf;
    private readonly LayerGraph _graph = new();
    private readonly List<int>[] _chains;
    private readonly double _gapX;
    private readonly double _gapY;

    private LayeredLayout(IReadOnlyList<(double Width, double Height)> boxes, IReadOnlyList<(int From, int To)> edges, double gapX, double gapY)
    {
        (_boxes, _edges, _gapX, _gapY) = (boxes, edges, gapX, gapY);
        _layerOf = new int[boxes.Count];
        _chains = [.. edges.Select(_ => new List<int>())];
    }

    /// <summary>Arranges boxes. Edges that close a cycle are ignored.</summary>
    public static LayoutResult Arrange(
        IReadOnlyList<(double Width, double Height)> boxes, IReadOnlyList<(int From, int To)> edges, int maxPerLayer, double gapX, double gapY)
    {
        var layout = new LayeredLayout(boxes, edges, gapX, gapY);
        layout.AssignLayers(maxPerLayer);
        layout.AddVertices();
        LayerOrdering.Reduce(layout._graph);
        var x = LayerCoordinates.Assign(layout._graph, gapX);
        return layout.Collect(x);
    }

    /// <summary>Each box goes to the first layer below its needs that has room.</summary>
    private void AssignLayers(int maxPerLayer)
    {
        var (before, waiting) = (new List<int>[_boxes.Count], new int[_boxes.Count]);
        for (var i = 0; i < before.Length; i++) before[i] = [];
        foreach (var (from, to) in _edges)
        {
            before[from].Add(to);
            waiting[to]++;
        }

        var used = new List<int>();
        var placed = new bool[_boxes.Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < waiting.Length; i++)
            if (waiting[i] == 0) ready.Enqueue(i, i);
        for (var done = 0; done < placed.Length; done++)
        {
            // Only a cycle leaves boxes but none that is ready: the first in order goes next.
            var box = ready.TryDequeue(out var next, out _) ? next : Array.IndexOf(placed, false);
            placed[box] = true;
            while (used.Count <= _layerOf[box] || used[_layerOf[box]] >= maxPerLayer)
            {
                if (used.Count <= _layerOf[box]) used.Add(0);
                else _layerOf[box]++;
            }

            used[_layerOf[box]]++;
            foreach (var to in before[box])
            {
                if (placed[to]) continue;
                _layerOf[to] = Math.Max(_layerOf[to], _layerOf[box] + 1);
                if (--waiting[to] == 0) ready.Enqueue(to, to);
            }
        }
    }

    private void AddVertices()
    {
        for (var i = 0; i < _boxes.Count; i++) _graph.Add(_layerOf[i], _boxes[i].Width, isBox: true);
        for (var e = 0; e < _edges.Count; e++)
        {
            var (from, to) = _edges[e];
            var gap = _layerOf[to] - _layerOf[from];
            if (gap < 1 || _graph.Count - _boxes.Count + gap > MaxBends) continue;
            var last = from;
            for (var layer = _layerOf[from] + 1; layer < _layerOf[to]; layer++)
            {
                var bend = _graph.Add(layer, 6, isBox: false);
                _chains[e].Add(bend);
                _graph.Connect(last, bend);
                last = bend;
            }

            _graph.Connect(last, to);
        }
    }

    private LayoutResult Collect(double[] x)
    {
        var height = new double[_graph.Layers.Count];
        for (var i = 0; i < _boxes.Count; i++) height[_layerOf[i]] = Math.Max(height[_layerOf[i]], _boxes[i].Height);
        var top = new double[height.Length];
        for (var l = 1; l < top.Length; l++) top[l] = top[l - 1] + height[l - 1] + _gapY;
        var left = Enumerable.Range(0, _graph.Count).Select(v => x[v] - (_graph.Width[v] / 2)).DefaultIfEmpty(0).Min();
        var width = Enumerable.Range(0, _graph.Count).Select(v => x[v] + (_graph.Width[v] / 2) - left).DefaultIfEmpty(0).Max();

        var boxes = _boxes.Select((b, i) => new Point(x[i] - left - (b.Width / 2), top[_layerOf[i]])).ToArray();
        var bends = _chains.Select(chain => (IReadOnlyList<Point>)[.. chain.SelectMany(v => new Point[]
        {
            new(x[v] - left, top[_graph.LayerOf[v]]), new(x[v] - left, top[_graph.LayerOf[v]] + height[_graph.LayerOf[v]]),
        })]).ToArray();
        return new LayoutResult(boxes, bends, width, height.Length == 0 ? 0 : top[^1] + height[^1]);
    }
}

/// <summary>The layered graph: boxes first, then the bends of long edges; edges join neighbouring layers only.</summary>
internal sealed class LayerGraph
{
    public List<List<int>> Layers { get; } = [];

    public List<int> LayerOf { get; } = [];

    public List<double> Width { get; } = [];

    public List<bool> IsBox { get; } = [];

    public List<List<int>> Above { get; } = [];

    public List<List<int>> Below { get; } = [];

    public int Count => LayerOf.Count;

    public int Add(int layer, double width, bool isBox)
    {
        while (Layers.Count <= layer) Layers.Add([]);
        Layers[layer].Add(Count);
        Width.Add(width);
        IsBox.Add(isBox);
        Above.Add([]);
        Below.Add([]);
        LayerOf.Add(layer);
        return Count - 1;
    }

    public void Connect(int above, int below)
    {
        Below[above].Add(below);
        Above[below].Add(above);
    }
}
