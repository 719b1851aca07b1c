using Skep.Orchestration;
using Skep.Plans;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Simulation;

/// <summary>
/// Reads a finished log with a small model of its own, written from the promises and not from the queen's code, and throws at the first
/// event that breaks one: each task settles exactly once, nothing starts before its needs, no attempt is held by two, limits are kept.
/// </summary>
internal sealed class LogChecker(Plan original)
{
    private PlanGraph _graph = PlanGraph.Build(original);
    private Plan _plan = original;
    private readonly HashSet<string> _proposals = [];
    private int _proposed;
    private readonly Dictionary<string, TaskStatus> _settled = [];
    private readonly Dictionary<string, SkipCause> _causes = [];
    private readonly Dictionary<string, (int Attempt, string Agent, bool Begun)> _open = [];
    private readonly Dictionary<string, int> _lastAttempt = [];
    private readonly Dictionary<string, int> _items = [];
    private readonly HashSet<string> _reset = [];
    private readonly Dictionary<string, List<GateVoted>> _votes = [];
    private int _begunAttempts;
    private readonly HashSet<(string Task, int Attempt)> _unstored = [];
    private readonly Dictionary<(string Task, int Attempt), string> _written = [];
    private readonly List<(string Task, int Attempt)> _stored = [];
    private bool _admitted;
    private bool _ended;

    public AgentChecker Agents { get; } = new(original);

    public int Completions { get; private set; }

    public int Waivers { get; private set; }

    public int Proposals => _proposals.Count;

    public int Votes => _votes.Values.Sum(v => v.Count);

    public void Check(IEnumerable<RecordedEvent> log)
    {
        long seq = 0;
        DateTimeOffset last = default;
        foreach (var recorded in log)
        {
            Require(recorded.Seq == ++seq, $"the log jumps to {recorded.Seq} at {seq}");
            Require(recorded.At >= last, $"time runs backwards at {seq}");
            last = recorded.At;
            Require(!_ended || recorded.Event is TasksReset or AnswerIgnored or RunRecovered or GateWaived or HookRan or MemoryStored, $"{recorded.Event} after the end");
            See(recorded.Event);
        }

        Require(_ended, "the run has not ended");
        Require(_open.Count == 0, $"attempts are open at the end: {string.Join(", ", _open.Keys)}");
        foreach (var task in _plan.Tasks) Require(_settled.ContainsKey(task.Id), $"{task.Id} is not settled at the end");
    }

    private void See(RunEvent e)
    {
        switch (e)
        {
            case AgentsSpawned s: Agents.Spawn(s); break;
            case AgentDraining d: Agents.Drain(d); break;
            case AgentRetired r: Agents.Retire(r); break;
            case TaskAssigned a: Assigned(a); break;
            case RunAdmitted: _admitted = true; break;
            case MemoryStored m: Stored(m); break;
            case AttemptStarted s: Started(s); break;
            case AttemptEnded a: Ended(a); break;
            case TaskSettled s: Settle(s.Task, s.Outcome); break;
            case TasksSkipped s: Skip(s.Tasks, s.Cause); break;
            case TierDropped d: Skip(d.Tasks, SkipCause.Dropped); break;
            case TaskFannedOut f: FannedOut(f); break;
            case PhaseStarted p: Settle($"phase/{p.Phase}/start", TaskStatus.Succeeded); break;
            case PhaseEnded p: PhaseEnds(p); break;
            case RunStopping: StopAll(); break;
            case TasksReset r: Reset(r.Tasks); break;
            case TasksAdmitted a: Admitted(a); break;
            case GateVoted v: Vote(v); break;
            case GateWaived w: Waive(w); break;
            case RunEnded r: Ends(r); break;
        }
    }

    /// <summary>The log says that something is in the folder's memory only when it is, and nothing else is there.</summary>
    public void CheckMemory(IReadOnlyDictionary<(string Task, int Attempt), string> memory)
    {
        foreach (var key in _stored) Require(memory.ContainsKey(key), $"{key} is said to be in the memory and is not");
        foreach (var (key, value) in memory) Require(_written.GetValueOrDefault(key) == value, $"the memory has '{value}' of {key}, which wrote '{_written.GetValueOrDefault(key)}'");
    }

    private void Wrote(AttemptEnded a)
    {
        _unstored.Add((a.Task, a.Attempt));
        _written[(a.Task, a.Attempt)] = a.Result.Outputs["key"];
    }

    private void Stored(MemoryStored m)
    {
        Require(_unstored.Remove((m.Task, m.Attempt)), $"{m.Task}#{m.Attempt} is stored though it has nothing to store, or was stored before");
        if (m.Error is null) _stored.Add((m.Task, m.Attempt));
    }

    private void Assigned(TaskAssigned a)
    {
        Require(!_open.ContainsKey(a.Task), $"{a.Task} is given to a second agent while the first holds it");
        Require(!_settled.ContainsKey(a.Task), $"{a.Task} starts again though it is settled");
        Require(a.Attempt == _lastAttempt.GetValueOrDefault(a.Task) + 1, $"{a.Task}: attempt {a.Attempt} after {_lastAttempt.GetValueOrDefault(a.Task)}");
        Require(_admitted || !_plan.Hooks.Any(h => h is { On: HookEvents.PreRun, Planned: false }), $"{a.Task} starts before the hooks of the run have let it");
        Require(!NodeOf(a.Task).IsPlanned, $"{a.Task} is only planned and starts");
        foreach (var edge in NodeOf(a.Task).Needs) RequireNeed(a.Task, edge);
        _lastAttempt[a.Task] = a.Attempt;
        _open[a.Task] = (a.Attempt, a.Agent, false);
        Require(_open.Count <= 2 * _plan.Swarm.MaxConcurrency, $"{_open.Count} attempts in flight");
        Agents.Assign(a);
    }

    private void RequireNeed(string task, Edge edge)
    {
        var need = RunKey(_graph.Nodes[edge.Node]);
        Require(_settled.TryGetValue(need, out var status), $"{task} starts before {need} is settled");
        var allowed = _graph.Nodes[edge.Node].Task?.AllowFailure == true;
        var conditional = status == TaskStatus.Skipped && _causes[need] == SkipCause.Condition;
        var gate = task.StartsWith("gate/", StringComparison.Ordinal);
        // A gate judges what was done: what was dropped, or (without needs of its own) what is only planned, is not held against it.
        var leftOut = gate && status == TaskStatus.Skipped && (_causes[need] == SkipCause.Dropped || (_causes[need] == SkipCause.Planned && NodeOf(task).Gate!.Needs.Count == 0));
        var ok = edge.On switch
        {
            NeedOn.Settled => true,
            NeedOn.Failure => status.IsFailure(),
            _ => status is TaskStatus.Succeeded or TaskStatus.Waived || conditional || (allowed && status.IsFailure()) || leftOut,
        };
        Require(ok, $"{task} starts though {need} is {status}");
    }

    private void Started(AttemptStarted s)
    {
        Require(_open.TryGetValue(s.Task, out var open) && open.Attempt == s.Attempt, $"{s.Task}#{s.Attempt} begins but was not given out");
        if (!open.Begun) _begunAttempts++;
        _open[s.Task] = open with { Begun = true };
        Require(_begunAttempts <= _plan.Swarm.MaxConcurrency, $"{_begunAttempts} attempts are at work at once; at most {_plan.Swarm.MaxConcurrency} may be");
        Agents.Begin(s);
    }

    private void Ended(AttemptEnded a)
    {
        Require(_open.Remove(a.Task, out var open) && open.Attempt == a.Attempt, $"{a.Task}#{a.Attempt} ends but was not given out");
        if (open.Begun) _begunAttempts--;
        Agents.End(a);
        RequireVotes(a);
        if (a.Final is not { } final) return;
        if (final == TaskStatus.Succeeded && NodeOf(a.Task).Task is { Writes.Count: > 0 }) Wrote(a);
        Settle(a.Task, final);
        Completions++;
    }

    /// <summary>A vote counts once per role, is cast while the gate waits, and by different people unless the plan allows one for several.</summary>
    private void Vote(GateVoted v)
    {
        Require(_open.TryGetValue(v.Gate, out var open) && open.Attempt == v.Attempt, $"{v} on a gate that does not wait");
        var rule = NodeOf(v.Gate).Gate!.Approval!;
        if (!_votes.TryGetValue(v.Gate, out var votes)) _votes[v.Gate] = votes = [];
        Require(rule.Roles.Contains(v.Role), $"{v} by a role without a vote");
        Require(votes.TrueForAll(x => x.Role != v.Role), $"{v}: the role has voted");
        Require(rule.SamePerson || votes.TrueForAll(x => x.By != v.By), $"{v}: the person has voted");
        votes.Add(v);
    }

    private void RequireVotes(AttemptEnded a)
    {
        if (!a.Task.StartsWith("gate/", StringComparison.Ordinal) || NodeOf(a.Task).Gate!.Approval is not { } rule) return;
        var (yes, no) = (_votes.GetValueOrDefault(a.Task)?.Count(v => v.Approved) ?? 0, _votes.GetValueOrDefault(a.Task)?.Count(v => !v.Approved) ?? 0);
        Require((a.Final == TaskStatus.Succeeded) == (yes >= rule.AtLeast), $"{a.Task} ends as {a.Final} with {yes} approvals of {rule.AtLeast}");
        Require(a.Final is not null || rule.Roles.Count - no >= rule.AtLeast, $"{a.Task} goes on waiting though {no} rejected");
    }

    private void Waive(GateWaived w)
    {
        Require(w.By.Length > 0 && w.Reason.Length > 0, $"{w} without a name or a reason");
        Require(_settled.TryGetValue(w.Gate, out var status) && status is TaskStatus.Failed or TaskStatus.TimedOut, $"{w.Gate} is waived though it has not failed");
        _settled[w.Gate] = TaskStatus.Waived;
        Waivers++;
    }

    private void Ends(RunEnded r)
    {
        _ended = true;
        Require(_unstored.Count == 0, $"the run ends before the memory of {string.Join(", ", _unstored)} is stored");
        var passedOver = _causes.Any(c => c.Value == SkipCause.Planned && _settled.GetValueOrDefault(c.Key) == TaskStatus.Skipped && !c.Key.StartsWith("phase/", StringComparison.Ordinal));
        Require(!passedOver || (r.Degraded && r.Reason is not null), "the run ends as if it had done what is only planned");
    }

    private void Skip(IReadOnlyList<string> tasks, SkipCause cause)
    {
        foreach (var task in tasks)
        {
            _causes[task] = cause;
            Settle(task, TaskStatus.Skipped);
        }
    }

    private void FannedOut(TaskFannedOut f)
    {
        _items[f.Task] = f.Items.Count;
        if (f.Items.Count == 0) Settle(f.Task, TaskStatus.Succeeded);
    }

    private void PhaseEnds(PhaseEnded p)
    {
        var began = _settled.GetValueOrDefault($"phase/{p.Phase}/start") == TaskStatus.Succeeded;
        if (p.Outcome == TaskStatus.Skipped) _causes["phase/" + p.Phase] = began || _causes[$"phase/{p.Phase}/start"] == SkipCause.Planned ? SkipCause.Planned : SkipCause.Upstream;
        Settle("phase/" + p.Phase, p.Outcome);
        var phase = _plan.Phases.First(x => x.Id == p.Phase);
        foreach (var task in phase.Tasks) Require(_settled.ContainsKey(task.Id), $"phase {p.Phase} ends before {task.Id}");
    }

    /// <summary>Taken once, from an agent at work, within the plan's bound; from then on the tasks are the plan's, as if they had always stood there.</summary>
    private void Admitted(TasksAdmitted a)
    {
        Require(_proposals.Add(a.Key), $"{a.Key} is admitted twice");
        Require(_open.TryGetValue(a.Task, out var open) && open.Attempt == a.Attempt && open.Agent == a.Agent, $"{a.Task}#{a.Attempt} proposes, but is not at work");
        var read = ProposalReader.Read(a.Fragment, _plan, new Proposer(NodeOf(a.Task).Id, a.Agent));
        Require(read.Plan is not null, read.Problem);
        Require(read.Tasks.All(t => _plan.Tasks.All(known => known.Id != t.Id)), "a proposed task has the id of another");
        _proposed += read.Executions;
        Require(_proposed <= _plan.Swarm.MaxProposedTasks, $"{_proposed} tasks are proposed; at most {_plan.Swarm.MaxProposedTasks} may be");
        _plan = read.Plan!;
        _graph = PlanGraph.Build(_plan);
        Require(_graph.TopologicalOrder() is not null, "what is proposed waits for itself");
    }

    /// <summary>Stopping settles everything that is not in flight, as cancelled.</summary>
    private void StopAll()
    {
        foreach (var (task, count) in _items)
            for (var i = 0; i < count; i++)
                if (!_settled.ContainsKey($"{task}[{i}]") && !_open.ContainsKey($"{task}[{i}]")) Settle($"{task}[{i}]", TaskStatus.Cancelled);
        foreach (var node in _graph.Nodes.Where(n => n.Kind is NodeKind.Task or NodeKind.Gate))
        {
            var key = RunKey(node);
            if (!_settled.ContainsKey(key) && !_open.ContainsKey(key) && !_items.ContainsKey(key)) Settle(key, TaskStatus.Cancelled);
        }
    }

    private void Reset(IReadOnlyList<string> tasks)
    {
        _ended = false;
        foreach (var task in tasks) Require(_settled.Remove(task), $"{task} is reset though it was not settled");
        foreach (var task in tasks) _reset.Add(task);
        foreach (var task in tasks) _votes.Remove(task);
    }

    private void Settle(string task, TaskStatus status)
    {
        Require(_settled.TryAdd(task, status), $"{task} settles twice");
        var bracket = task.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0) return;
        var parent = task[..bracket];
        var items = Enumerable.Range(0, _items[parent]).Select(i => $"{parent}[{i}]").ToList();
        if (!items.TrueForAll(_settled.ContainsKey)) return;
        var worst = items.FirstOrDefault(i => _settled[i].IsFailure()) ?? items.FirstOrDefault(i => _settled[i] == TaskStatus.Skipped);
        if (worst is not null && _settled[worst] == TaskStatus.Skipped) _causes[parent] = _causes[worst];
        Settle(parent, worst is null ? TaskStatus.Succeeded : _settled[worst]);
    }

    private GraphNode NodeOf(string key)
    {
        if (key.StartsWith("gate/", StringComparison.Ordinal)) return _graph.FindGate(key[5..])!;
        var bracket = key.IndexOf('[', StringComparison.Ordinal);
        return _graph.FindTask(bracket < 0 ? key : key[..bracket])!;
    }

    private static string RunKey(GraphNode node) => node.Kind switch
    {
        NodeKind.Task => node.Id,
        NodeKind.Gate => "gate/" + node.Id,
        NodeKind.PhaseStart => "phase/" + node.Id + "/start",
        _ => "phase/" + node.Id,
    };

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new BrokenPromiseException(message);
    }
}

/// <summary>A run broke a promise.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
