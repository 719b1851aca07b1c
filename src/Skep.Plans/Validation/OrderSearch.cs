namespace Skep.Plans.Validation;

/// <summary>
/// One depth-first walk over an <see cref="OrderGraph"/> that finds cycles and, where there are none, the level of every node: the
/// length of the longest chain that it waits for.
/// </summary>
internal sealed class OrderSearch
{
    /// <summary>Most cycles that are looked for.</summary>
    public const int MaxCycles = 50;

    private const byte New = 0;
    private const byte Open = 1;
    private const byte Done = 2;
    private readonly OrderGraph _graph;
    private readonly byte[] _state;
    private readonly int[] _next;
    private readonly List<int> _path = [];

    private OrderSearch(OrderGraph graph)
    {
        _graph = graph;
        _state = new byte[graph.Count];
        _next = new int[graph.Count];
        Levels = new int[graph.Count];
    }

    /// <summary>Level of every node; meaningless when there are cycles.</summary>
    public int[] Levels { get; }

    /// <summary>The cycles, each as nodes of which every one waits for the next and the last for the first.</summary>
    public List<int[]> Cycles { get; } = [];

    /// <summary>Walks the whole graph.</summary>
    public static OrderSearch Run(OrderGraph graph)
    {
        var search = new OrderSearch(graph);
        for (var node = 0; node < graph.Count && search.Cycles.Count < MaxCycles; node++)
            if (search._state[node] == New) search.Walk(node);
        return search;
    }

    private void Walk(int root)
    {
        Enter(root);
        while (_path.Count > 0 && Cycles.Count < MaxCycles)
        {
            var node = _path[^1];
            var needs = _graph.Needs(node);
            if (_next[node] == needs.Length)
            {
                Leave(node);
                continue;
            }

            var need = needs[_next[node]++];
            if (_state[need] == New) Enter(need);
            else if (_state[need] == Open) Cycles.Add([.. _path.Skip(_path.LastIndexOf(need))]);
            else Levels[node] = Math.Max(Levels[node], Levels[need] + 1);
        }
    }

    private void Enter(int node)
    {
        _state[node] = Open;
        _path.Add(node);
    }

    private void Leave(int node)
    {
        _state[node] = Done;
        _path.RemoveAt(_path.Count - 1);
        if (_path.Count > 0) Levels[_path[^1]] = Math.Max(Levels[_path[^1]], Levels[node] + 1);
    }
}
