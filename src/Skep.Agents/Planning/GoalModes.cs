using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>
/// How the agents of a plan for a goal stand to each other, and what each way asks of the plan. The queen schedules every plan in the same way; what differs is who may add work, and who
/// knows of whom.
/// </summary>
public static class GoalModes
{
    /// <summary>The plan is all the work there is: agents answer their prompts, and know of nobody.</summary>
    public const string Centralized = "centralized";

    private const string Propose = "propose_tasks";

    private static readonly Dictionary<string, Topology> Table = new(StringComparer.Ordinal)
    {
        [Centralized] = Topology.Star,
        ["hierarchical"] = Topology.Hierarchical,
        ["mesh"] = Topology.Mesh,
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Keys];

    /// <summary>The topology that a plan of a mode declares.</summary>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public static Topology TopologyOf(string mode) => Table.TryGetValue(mode, out var topology) ? topology : throw new ArgumentException($"there is no mode '{mode}'; there are: {string.Join(", ", Names)}", nameof(mode));

    /// <summary>Whether a plan is what its topology says, so that there is something behind the word.</summary>
    public static bool Holds(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Swarm.Topology is Topology.Star or Topology.Mesh && Problems(plan, plan.Swarm.MaxProposedTasks).Count == 0;
    }

    /// <summary>What a model is told of a mode.</summary>
    internal static string AdviceOf(Topology topology) => topology switch
    {
        Topology.Hierarchical => "Divide the work among teams: a lead and its workers. A lead has the tools propose_tasks and memory, and 'proposes' its workers. Its first task says how its part is done and proposes tasks for its workers, as far as they are not in the plan; another of its tasks, in a phase that needs the first one's, joins what the team found. Workers propose nothing; each belongs to one lead. A lead and its workers share a memory namespace ('memory'), where workers leave their results. Only agents of the last phase need belong to no team.",
        Topology.Mesh => "The agents are peers: at least two, and each with the tools propose_tasks, messages and memory, 'proposes' all the others, and shares one memory namespace ('memory') with them. Say in every prompt where in that memory results go, and that work which is found to be missing is to be proposed for whoever does it best.",
        _ => "This plan is all the work there is: no agent has the tools propose_tasks or messages, or 'proposes'.",
    };

    /// <summary>In what a plan is not what its topology says, in words for the model.</summary>
    internal static IReadOnlyList<string> Problems(Plan plan, int mostProposed)
    {
        var chat = plan.Agents.Where(a => a.Executor == ExecutorKinds.Chat).ToList();
        if (plan.Swarm.Topology == Topology.Star) return [.. Alone(chat)];
        List<string> problems = [.. plan.Swarm.Topology == Topology.Mesh ? Peers(chat) : Teams(plan, chat)];
        if (plan.Swarm.MaxProposedTasks < 1 || plan.Swarm.MaxProposedTasks > mostProposed) problems.Add($"'swarm.max_proposed_tasks' must be 1 to {mostProposed}");
        return problems;
    }

    private static IEnumerable<string> Alone(List<AgentSpec> chat)
    {
        foreach (var agent in chat)
            if (agent.Tools.Contains(Propose) || agent.Tools.Contains("messages") || agent.Proposes.Count > 0) yield return $"topology star: agent '{agent.Id}' must have neither the tools propose_tasks and messages nor 'proposes'";
    }

    private static IEnumerable<string> Peers(List<AgentSpec> chat)
    {
        if (chat.Count < 2) yield return "topology mesh: there must be at least two agents with executor chat";
        foreach (var agent in chat)
        {
            foreach (var tool in new[] { Propose, "messages", "memory" })
                if (!agent.Tools.Contains(tool)) yield return $"topology mesh: agent '{agent.Id}' must have the tool {tool}";
            if (chat.Where(other => other != agent && !agent.Proposes.Contains(other.Id)).Select(o => o.Id).ToList() is { Count: > 0 } missing) yield return $"topology mesh: 'proposes' of agent '{agent.Id}' must name {string.Join(", ", missing)}, too";
        }

        if (!Share(chat)) yield return "topology mesh: 'memory' of all agents must have one namespace in common";
    }

    private static IEnumerable<string> Teams(Plan plan, List<AgentSpec> chat)
    {
        var leads = chat.Where(a => a.Tools.Contains(Propose) && a.Proposes.Any(p => p != a.Id)).ToList();
        if (leads.Count == 0) yield return "topology hierarchical: there must be a lead, an agent with the tool propose_tasks whose 'proposes' names its workers";
        foreach (var agent in chat.Except(leads))
        {
            var over = leads.Where(l => l.Proposes.Contains(agent.Id)).Select(l => l.Id).ToList();
            if (agent.Tools.Contains(Propose)) yield return $"topology hierarchical: agent '{agent.Id}' is no lead and must not have the tool propose_tasks";
            if (over.Count > 1) yield return $"topology hierarchical: agent '{agent.Id}' belongs to several leads ({string.Join(", ", over)}); it must belong to one";
            if (over.Count == 0 && !OnlyLast(plan, agent)) yield return $"topology hierarchical: agent '{agent.Id}' belongs to no lead; name it in the 'proposes' of one";
        }

        foreach (var lead in leads)
        {
            if (!lead.Tools.Contains("memory") || !Share([lead, .. chat.Where(a => a != lead && lead.Proposes.Contains(a.Id))])) yield return $"topology hierarchical: lead '{lead.Id}' must have the tool memory, and share a namespace ('memory') with its workers";
            if (!Joins(plan, lead)) yield return $"topology hierarchical: lead '{lead.Id}' must have a first task, and one that joins its team's results in a phase that needs the first one's";
        }
    }

    private static bool OnlyLast(Plan plan, AgentSpec agent) => plan.Tasks.Where(t => t.Agent == agent.Id).ToList() is { Count: > 0 } tasks && tasks.All(t => t.Phase == plan.Phases[^1].Id);

    private static bool Share(List<AgentSpec> agents) => agents.Count > 0 && agents[0].MemoryScope.Any(space => agents.All(a => a.MemoryScope.Contains(space)));

    /// <summary>Tasks that are proposed join the proposer's phase: who waits for the phase waits for them.</summary>
    private static bool Joins(Plan plan, AgentSpec lead)
    {
        var tasks = plan.Tasks.Where(t => t.Agent == lead.Id).ToList();
        return tasks.Exists(first => tasks.Exists(second => second.Phase != first.Phase && Before(plan, second).Contains(first.Phase)));
    }

    /// <summary>The phases that are settled before a task begins.</summary>
    private static HashSet<string> Before(Plan plan, PlanTask task)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(task.Needs.Concat(PhaseOf(plan, task.Phase)!.Needs).Select(n => n.Id));
        while (open.TryDequeue(out var id))
            if (PhaseOf(plan, id) is { } phase && before.Add(id))
                foreach (var need in phase.Needs) open.Enqueue(need.Id);
        return before;
    }

    private static Phase? PhaseOf(Plan plan, string id) => plan.Phases.FirstOrDefault(p => p.Id == id);
}
