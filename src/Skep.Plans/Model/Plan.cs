namespace Skep.Plans;

/// <summary>A validated plan: agents, phases, tasks and what surrounds them. Immutable.</summary>
public sealed record Plan
{
    /// <summary>The plan's name (<c>plan:</c>), an identifier.</summary>
    public required string Name { get; init; }

    /// <summary>What the plan is for, in a sentence.</summary>
    public string? Goal { get; init; }

    /// <summary>The author's version of the plan, free text.</summary>
    public string? Version { get; init; }

    /// <summary>Settings of the swarm as a whole.</summary>
    public SwarmSettings Swarm { get; init; } = new();

    /// <summary>Variables with their defaults; <c>--var</c> replaces scalars.</summary>
    public IReadOnlyDictionary<string, PlanValue> Vars { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>Agent specs in file order. A task without an agent uses the implicit spec <see cref="AgentSpec.Implicit"/>, which is not in this list.</summary>
    public IReadOnlyList<AgentSpec> Agents { get; init; } = [];

    /// <summary>Named groups of agents.</summary>
    public IReadOnlyList<Team> Teams { get; init; } = [];

    /// <summary>Phases in file order. Tasks written at the top level stand in one phase <c>main</c>.</summary>
    public IReadOnlyList<Phase> Phases { get; init; } = [];

    /// <summary>What happens around actions, plan-wide. Phases, agents, tasks and protocols have hooks of their own; see <see cref="AllHooks"/>.</summary>
    public IReadOnlyList<HookSpec> Hooks { get; init; } = [];

    /// <summary>The plan's own protocols, in file order. Those of <see cref="BuiltInProtocols"/> need no declaration; see <see cref="Protocol"/>.</summary>
    public IReadOnlyList<ProtocolSpec> Protocols { get; init; } = [];

    /// <summary>MCP servers whose tools agents may use, in file order.</summary>
    public IReadOnlyList<McpServerSpec> McpServers { get; init; } = [];

    /// <summary>Conditions over time and what they start.</summary>
    public IReadOnlyList<TriggerSpec> Triggers { get; init; } = [];

    /// <summary>How the plan's estimates count days and weeks; null: by the clock.</summary>
    public WorkCalendar? Calendar { get; init; }

    /// <summary>Whom to turn to, in this order, by the name of the concern. Who is no agent or team of the plan is a person outside it.</summary>
    public IReadOnlyList<EscalationPath> Escalation { get; init; } = [];

    /// <summary>What may go wrong, as the author sees it.</summary>
    public IReadOnlyList<RiskSpec> Risks { get; init; } = [];

    /// <summary>All tasks of all phases, in file order.</summary>
    public IEnumerable<PlanTask> Tasks => Phases.SelectMany(p => p.Tasks);

    /// <summary>All gates of all phases, in file order.</summary>
    public IEnumerable<GateSpec> Gates => Phases.SelectMany(p => p.Gates);

    /// <summary>Every hook that some task may meet: of the plan, its phases, tasks and agents, and of the protocols that agents include.</summary>
    public IEnumerable<HookSpec> AllHooks =>
    [
        .. Hooks, .. Phases.SelectMany(p => p.Hooks), .. Tasks.SelectMany(t => t.Hooks), .. Agents.SelectMany(a => a.Hooks),
        .. Agents.SelectMany(a => a.Protocols).Distinct(StringComparer.Ordinal).SelectMany(p => Protocol(p)?.Hooks ?? []),
    ];

    /// <summary>The protocol of a name: the plan's own before the built-in one; null when there is none.</summary>
    public ProtocolSpec? Protocol(string id) =>
        Protocols.FirstOrDefault(p => p.Id == id) ?? BuiltInProtocols.All.FirstOrDefault(p => p.Id == id);

    /// <summary>
    /// The hooks around a task done by an agent, in the order in which they run: the plan's, the phase's, those of the agent's protocols,
    /// the agent's, the task's.
    /// </summary>
    /// <param name="task">A task of this plan.</param>
    /// <param name="agent">The spec of the agent that does it: of a team the member that was chosen.</param>
    public IReadOnlyList<HookSpec> HooksOf(PlanTask task, AgentSpec agent)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(agent);
        return
        [
            .. Hooks, .. Phases.FirstOrDefault(p => p.Id == task.Phase)?.Hooks ?? [],
            .. agent.Protocols.SelectMany(p => Protocol(p)?.Hooks ?? []), .. agent.Hooks, .. task.Hooks,
        ];
    }
}

/// <summary>A named step that groups tasks; it is done when its tasks are settled and its gates have passed.</summary>
public sealed record Phase
{
    /// <summary>Identifier, unique among phases and tasks.</summary>
    public required string Id { get; init; }

    /// <summary>What the phase is about.</summary>
    public string? Title { get; init; }

    /// <summary>Tasks or phases that must be settled first.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>The tasks.</summary>
    public IReadOnlyList<PlanTask> Tasks { get; init; } = [];

    /// <summary>Checks that follow the tasks; the phase succeeds only if all pass.</summary>
    public IReadOnlyList<GateSpec> Gates { get; init; } = [];

    /// <summary>Whether a checkpoint is wanted when the phase has succeeded.</summary>
    public bool Checkpoint { get; init; }

    /// <summary>Name of that checkpoint; null for one without a name.</summary>
    public string? CheckpointName { get; init; }

    /// <summary>Agents that answer for the phase.</summary>
    public IReadOnlyList<string> Leads { get; init; } = [];

    /// <summary>What its tasks may use together; null: no limit of its own.</summary>
    public Budget? Budget { get; init; }

    /// <summary>What happens around actions of its tasks.</summary>
    public IReadOnlyList<HookSpec> Hooks { get; init; } = [];

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }
}

/// <summary>A dependency on a task or a phase.</summary>
/// <param name="Id">Identifier of the task or phase.</param>
/// <param name="On">Which outcome satisfies the need.</param>
/// <param name="At">Position of the reference.</param>
public sealed record Need(string Id, NeedOn On = NeedOn.Success, SourceSpan At = default);

/// <summary>Which outcome of a dependency satisfies a need.</summary>
public enum NeedOn
{
    /// <summary>It succeeded, or was skipped because its own <c>when</c> was false.</summary>
    Success,

    /// <summary>It failed, timed out or was cancelled.</summary>
    Failure,

    /// <summary>It is settled, whatever the outcome.</summary>
    Settled,
}

/// <summary>A named group of agents.</summary>
/// <param name="Id">Identifier, unique among teams and agents.</param>
/// <param name="Lead">The agent that speaks for the team, or null.</param>
/// <param name="Members">Agent ids.</param>
/// <param name="Mission">What the team is for.</param>
/// <param name="At">Position of the identifier.</param>
public sealed record Team(string Id, string? Lead, IReadOnlyList<string> Members, string? Mission = null, SourceSpan At = default);

/// <summary>A condition over time, such as <c>memory > 90% for 5m</c>, and the action that it starts.</summary>
/// <param name="Conditions">The conditions; any one of them fires the trigger.</param>
/// <param name="Do">Action, e.g. <c>rollback</c>; see <see cref="TriggerActions"/>.</param>
/// <param name="To">Target of the action, e.g. <c>last-checkpoint</c>.</param>
/// <param name="At">Position.</param>
public sealed record TriggerSpec(IReadOnlyList<TriggerCondition> Conditions, string Do, string? To, SourceSpan At = default)
{
    /// <summary>What the trigger is for, in words.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the committee must agree before the action starts.</summary>
    public bool Vote { get; init; }
}

/// <summary>One part of a trigger: a metric compared with a threshold, held for a time.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Op">Comparison.</param>
/// <param name="Threshold">Value; for <see cref="Unit"/> <c>%</c> in percent, for <c>x</c> a multiple of the baseline.</param>
/// <param name="Unit"><c>%</c>, <c>x</c> or empty.</param>
/// <param name="For">How long the condition must hold.</param>
public sealed record TriggerCondition(string Metric, Comparison Op, double Threshold, string Unit, TimeSpan For);

/// <summary>A numeric comparison.</summary>
public enum Comparison
{
    /// <summary>&lt;</summary>
    Less,

    /// <summary>&lt;=</summary>
    AtMost,

    /// <summary>==</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,

    /// <summary>&gt;=</summary>
    AtLeast,

    /// <summary>&gt;</summary>
    Greater,
}
