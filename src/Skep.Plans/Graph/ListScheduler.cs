using Rank = (Skep.Plans.Tier Tier, int LessPriority, System.TimeSpan LatestStart, int Index);

namespace Skep.Plans;

/// <summary>
/// The loop behind <see cref="ResourceSchedule"/>: a queue of finishing executions drives the clock, a queue of ready nodes says what
/// starts next. A node whose agent is busy is parked with its class and comes back when a replica is free, so that no node is
/// looked at again and again: O((V + E) log V).
/// </summary>
internal sealed class ListScheduler
{
    private readonly Schedule _schedule;
    private readonly AgentCapacity _capacity;
    private readonly int[] _waiting;
    private readonly int[] _started;
    private readonly int[] _finished;
    private readonly PriorityQueue<int, Rank> _ready = new();
    private readonly Dictionary<string, PriorityQueue<int, Rank>> _parked = new(StringComparer.Ordinal);
    private readonly PriorityQueue<int, (TimeSpan Finish, int Run)> _running = new();
    private readonly PriorityQueue<int, int> _slots = new();
    private readonly List<ScheduledRun> _runs = [];
    private readonly Queue<int> _settled = new();

    public ListScheduler(Schedule schedule, int slots)
    {
        _schedule = schedule;
        _capacity = new AgentCapacity(schedule.Graph.Plan);
        _waiting = [.. schedule.Nodes.Select(n => n.Node.NeedList.Count)];
        _started = new int[schedule.Nodes.Count];
        _finished = new int[schedule.Nodes.Count];
        var useful = Math.Min(slots, (int)Math.Min(ResourceSchedule.MaxRuns, schedule.Nodes.Sum(n => (long)n.Items)));
        for (var i = 0; i < useful; i++) _slots.Enqueue(i, i);
    }

    public IReadOnlyList<ScheduledRun> Run()
    {
        for (var i = 0; i < _waiting.Length; i++)
            if (_waiting[i] == 0) Unblock(i);
        Settle();
        StartReady(TimeSpan.Zero);
        while (_running.TryPeek(out _, out var next))
        {
            while (_running.TryPeek(out var run, out var due) && due.Finish == next.Finish)
            {
                _running.Dequeue();
                Finish(_runs[run]);
            }

            Settle();
            StartReady(next.Finish);
        }

        return _runs;
    }

    private void StartReady(TimeSpan now)
    {
        while (_slots.Count > 0 && _ready.TryDequeue(out var index, out var rank))
        {
            var node = _schedule.Nodes[index];
            var wanted = AgentCapacity.ClassOf(node.Node);
            if (_capacity.TryTake(wanted, out var agent)) Start(node, agent, now, rank);
            else Park(wanted!, index, rank);
        }
    }

    private void Start(in ScheduledNode node, string? agent, TimeSpan now, Rank rank)
    {
        var index = node.Node.Index;
        var run = new ScheduledRun(node.Node, _started[index]++, now, Saturating.Add(now, node.Duration), _slots.Dequeue(), agent);
        _running.Enqueue(_runs.Count, (run.Finish, _runs.Count));
        _runs.Add(run);
        if (_started[index] < node.Items) _ready.Enqueue(index, rank);
    }

    private void Park(string wanted, int index, Rank rank)
    {
        if (!_parked.TryGetValue(wanted, out var parked)) _parked[wanted] = parked = new PriorityQueue<int, Rank>();
        parked.Enqueue(index, rank);
    }

    private void Finish(ScheduledRun run)
    {
        _slots.Enqueue(run.Slot, run.Slot);
        foreach (var served in _capacity.Release(run.Agent))
            if (_parked.TryGetValue(served, out var parked) && parked.TryDequeue(out var index, out var rank))
                _ready.Enqueue(index, rank);
        if (++_finished[run.Node.Index] == _schedule.Nodes[run.Node.Index].Items) _settled.Enqueue(run.Node.Index);
    }

    /// <summary>Unblocks what waited for settled nodes; starts and ends of phases settle on the spot.</summary>
    private void Settle()
    {
        while (_settled.TryDequeue(out var index))
            foreach (var edge in _schedule.Nodes[index].Node.DependantList)
                if (--_waiting[edge.Node] == 0) Unblock(edge.Node);
    }

    private void Unblock(int index)
    {
        var node = _schedule.Nodes[index];
        if (!node.IsWork || node.Items == 0 || node.Origin == DurationOrigin.Contingent) _settled.Enqueue(index);
        else _ready.Enqueue(index, RankOf(node));
    }

    /// <summary>Which of two ready nodes starts first; gates before tasks. The latest start is the span less the longest remaining path.</summary>
    private static Rank RankOf(in ScheduledNode node) =>
        (node.Node.Task?.Tier ?? Tier.Critical, node.Node.Task is { } task ? -task.Priority : int.MinValue, node.LatestStart, node.Node.Index);
}
