using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Reading;

/// <summary>What an agent may propose: tasks with new ids, for agents that its spec names, no more important than its own, that look at nothing but results and items.</summary>
internal sealed class ProposalRights(Plan plan, Proposer by, PlanSources sources, DiagnosticBag bag)
{
    private static readonly string[] Roots = ["tasks", "item"];

    private readonly AgentSpec _agent = plan.Agents.FirstOrDefault(a => a.Id == by.Agent) ?? throw new ArgumentException($"the plan has no agent '{by.Agent}'", nameof(by));
    private readonly PlanTask _task = plan.Tasks.First(t => t.Id == by.Task);
    private readonly HashSet<string> _taken = [.. plan.Tasks.Select(t => t.Id), .. plan.Phases.Select(p => p.Id)];

    /// <summary>The tasks with what they leave to the proposer filled in; what they may not is reported.</summary>
    /// <param name="tasks">The tasks as read.</param>
    /// <param name="first">Index of the first among the sources.</param>
    public List<PlanTask> Apply(IReadOnlyList<PlanTask> tasks, int first)
    {
        foreach (var reference in sources.References.Where(r => !Roots.Contains(r.Path[0])))
            bag.Error(DiagnosticCodes.BadReference, reference.At, $"a proposed task may use tasks.ID.outputs.NAME and item in its expressions, not '{DiagnosticBag.OneLine(string.Join('.', reference.Path))}'", reference.Path[0]);
        return [.. tasks.Select((t, i) => Apply(t, first + i))];
    }

    private PlanTask Apply(PlanTask task, int index)
    {
        if (!_taken.Add(task.Id)) bag.Error(DiagnosticCodes.DuplicateId, task.At, $"there is a task or phase '{task.Id}' already; choose another id", task.Id);
        if (task.Prompt is null) bag.Error(DiagnosticCodes.MissingKey, task.At, $"task '{task.Id}' needs a 'prompt': what its agent is told", task.Id);
        if (task.Foreach is not null) bag.Error(DiagnosticCodes.BadValue, task.At, $"the 'foreach' of task '{task.Id}' must be a list that is written out: how much work is proposed must be known", task.Id);
        // The default worker, which runs commands, is written in no plan; a task that names it does not name the proposer.
        var names = sources.Tasks[index].Find("agent") is not null;
        CheckAgent(task, task.Agent ?? (names ? AgentSpec.ImplicitId : by.Agent));
        if (sources.Tasks[index].Find("tier") is null) return task with { Agent = task.Agent ?? by.Agent, Tier = _task.Tier, Priority = _task.Priority };
        if (task.Tier < _task.Tier)
            bag.Error(DiagnosticCodes.BadValue, task.At, $"task '{task.Id}' cannot be more important ({Name(task.Tier)}) than the one that proposes it ({Name(_task.Tier)})", Name(task.Tier));
        return task with { Agent = task.Agent ?? by.Agent, Priority = _task.Priority };
    }

    private void CheckAgent(PlanTask task, string wanted)
    {
        IReadOnlyList<string> allowed = _agent.Proposes.Count > 0 ? _agent.Proposes : [by.Agent];
        if (!allowed.Contains(wanted))
        {
            bag.Error(DiagnosticCodes.UnknownAgent, task.At, $"task '{task.Id}' names agent '{DiagnosticBag.OneLine(wanted)}'; {by.Agent} may propose tasks for {string.Join(", ", allowed.Take(20))}", wanted);
            return;
        }

        if (Members(wanted).FirstOrDefault(a => a.Executor is ExecutorKinds.Command or ExecutorKinds.Mcp) is { } other)
            bag.Error(DiagnosticCodes.ExecutorMismatch, task.At, $"task '{task.Id}' is for '{other.Id}', which has executor {other.Executor}: only the plan says what such agents do", other.Id);
    }

    private IEnumerable<AgentSpec> Members(string id) =>
        plan.Teams.FirstOrDefault(t => t.Id == id) is { } team ? plan.Agents.Where(a => team.Members.Contains(a.Id)) : plan.Agents.Where(a => a.Id == id);

    private static string Name(Tier tier) => tier.ToString().ToLowerInvariant();
}
