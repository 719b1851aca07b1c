namespace Skep.Plans.Validation;

/// <summary>
/// What waits for what, as plain arrays. Unlike the graph that runs use, a phase has a third node between start and end, "all tasks
/// settled": gates wait for it, so that gates × tasks edges are never made. Every walk is iterative; a chain of any length is fine.
/// </summary>
internal sealed class OrderGraph
{
    private readonly ValidationContext _context;
    private readonly int[] _first;
    private readonly int[] _targets;

    private OrderGraph(ValidationContext context, int[] first, int[] targets)
    {
        (_context, _first, _targets) = (context, first, targets);
    }

    /// <summary>Number of nodes.</summary>
    public int Count => _first.Length - 1;

    /// <summary>What a node waits for.</summary>
    public ReadOnlySpan<int> Needs(int node) => _targets.AsSpan(_first[node], _first[node + 1] - _first[node]);

    /// <summary>Node of a task.</summary>
    public static int Task(int task) => task;

    /// <summary>Node of a gate.</summary>
    public int Gate(int gate) => _context.Tasks.Count + (3 * _context.Plan.Phases.Count) + gate;

    /// <summary>The moment when a phase may begin.</summary>
    public int Start(int phase) => _context.Tasks.Count + (3 * phase);

    /// <summary>The moment when all tasks of a phase are settled.</summary>
    public int Work(int phase) => Start(phase) + 1;

    /// <summary>The moment when a phase is over.</summary>
    public int End(int phase) => Start(phase) + 2;

    /// <summary>The phase of a phase node, or -1 for tasks and gates.</summary>
    public int PhaseOf(int node)
    {
        var offset = node - _context.Tasks.Count;
        return offset >= 0 && offset < 3 * _context.Plan.Phases.Count ? offset / 3 : -1;
    }

    /// <summary>The id of the part that a node belongs to.</summary>
    public string Name(int node)
    {
        if (node < _context.Tasks.Count) return _context.Tasks[node].Id;
        return PhaseOf(node) is var phase and >= 0 ? _context.Plan.Phases[phase].Id : _context.Gates[node - Gate(0)].Id;
    }

    /// <summary>Builds the graph. Needs that name nothing, or their own task or phase, are left out; a rule reports them.</summary>
    public static OrderGraph Build(ValidationContext context)
    {
        var builder = new Builder(context);
        return builder.Build();
    }

    /// <summary>Collects edges in node order, so that they need no sorting.</summary>
    private sealed class Builder(ValidationContext context)
    {
        private readonly int[] _first = new int[context.Tasks.Count + (3 * context.Plan.Phases.Count) + context.Gates.Count + 1];
        private readonly List<int> _targets = new(context.Tasks.Count * 4);
        private readonly OrderGraph _ids = new(context, [0], []);

        public OrderGraph Build()
        {
            int node = 0, firstTask = 0, firstGate = 0;
            for (var p = 0; p < context.Plan.Phases.Count; p++)
                foreach (var task in context.Plan.Phases[p].Tasks)
                {
                    _targets.Add(_ids.Start(p));
                    foreach (var need in task.Needs) Add(need, self: task.Id);
                    Close(ref node);
                }

            for (var p = 0; p < context.Plan.Phases.Count; p++)
            {
                var phase = context.Plan.Phases[p];
                AddPhase(p, phase, ref node, firstTask, firstGate);
                (firstTask, firstGate) = (firstTask + phase.Tasks.Count, firstGate + phase.Gates.Count);
            }

            for (var p = 0; p < context.Plan.Phases.Count; p++)
                foreach (var gate in context.Plan.Phases[p].Gates)
                {
                    _targets.Add(gate.Needs.Count == 0 ? _ids.Work(p) : _ids.Start(p));
                    foreach (var need in gate.Needs) Add(need, self: null);
                    Close(ref node);
                }

            return new OrderGraph(context, _first, [.. _targets]);
        }

        private void AddPhase(int p, Phase phase, ref int node, int firstTask, int firstGate)
        {
            foreach (var need in phase.Needs) Add(need, self: phase.Id);
            Close(ref node);
            _targets.Add(_ids.Start(p));
            for (var t = 0; t < phase.Tasks.Count; t++) _targets.Add(firstTask + t);
            Close(ref node);
            _targets.Add(_ids.Work(p));
            for (var g = 0; g < phase.Gates.Count; g++) _targets.Add(_ids.Gate(firstGate + g));
            Close(ref node);
        }

        private void Close(ref int node) => _first[++node] = _targets.Count;

        private void Add(Need need, string? self)
        {
            if (need.Id == self) return;
            if (context.TaskIndex.TryGetValue(need.Id, out var task)) _targets.Add(task);
            else if (context.PhaseIndex.TryGetValue(need.Id, out var phase)) _targets.Add(_ids.End(phase));
        }
    }
}
