namespace Skep.Plans.Validation;

/// <summary>
/// Answers whether one task waits, directly or not, for another. Levels prune the search, answers between phases are kept, and all
/// searches together share a budget, so that a plan built to be slow is given up and not waited for.
/// </summary>
internal sealed class OrderQueries(ValidationContext context, int[] levels)
{
    private const long MaxVisits = 20_000_000;
    private readonly OrderGraph _graph = context.Order;
    private readonly int[] _seen = new int[context.Order.Count];
    private readonly Dictionary<(int, int), bool> _phases = [];
    private readonly Stack<int> _open = new();
    private readonly int[] _phaseOfTask = PhaseOfTasks(context);
    private int _stamp;
    private long _visits;

    /// <summary>Whether the budget is used up; answers are then "yes" where they are unknown.</summary>
    public bool IsExhausted => _visits > MaxVisits;

    /// <summary>Whether a node waits for a task.</summary>
    /// <param name="node">Node of a task or gate.</param>
    /// <param name="phase">Its phase.</param>
    /// <param name="task">The task.</param>
    public bool IsAfter(int node, int phase, int task)
    {
        var target = OrderGraph.Task(task);
        if (levels[node] <= levels[target]) return false;
        if (_graph.Needs(node).Contains(target)) return true;
        return IsPhaseAfter(phase, _phaseOfTask[task]) || Search(node, target, _phaseOfTask[task]);
    }

    /// <summary>Whether a task waits for another.</summary>
    public bool IsAfter(int laterTask, int earlierTask) => IsAfter(OrderGraph.Task(laterTask), _phaseOfTask[laterTask], earlierTask);

    private bool IsPhaseAfter(int later, int earlier)
    {
        if (later == earlier) return false;
        if (_phases.TryGetValue((later, earlier), out var known)) return known;
        var end = _graph.End(earlier);
        return _phases[(later, earlier)] = levels[_graph.Start(later)] > levels[end] && Search(_graph.Start(later), end, -1);
    }

    /// <summary>Walks back from a node until the target, or the phase that holds it, turns up.</summary>
    private bool Search(int from, int target, int phaseOfTarget)
    {
        _stamp++;
        _open.Clear();
        _open.Push(from);
        while (_open.TryPop(out var node))
        {
            foreach (var need in _graph.Needs(node))
            {
                if (++_visits > MaxVisits) return true;
                if (need == target || (phaseOfTarget >= 0 && (need == _graph.End(phaseOfTarget) || need == _graph.Work(phaseOfTarget)))) return true;
                if (_seen[need] == _stamp || levels[need] <= levels[target]) continue;
                _seen[need] = _stamp;
                _open.Push(need);
            }
        }

        return false;
    }

    private static int[] PhaseOfTasks(ValidationContext context)
    {
        var phases = new int[context.Tasks.Count];
        var task = 0;
        for (var p = 0; p < context.Plan.Phases.Count; p++)
            for (var i = 0; i < context.Plan.Phases[p].Tasks.Count; i++) phases[task++] = p;
        return phases;
    }
}
