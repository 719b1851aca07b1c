using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>A plan while it is read. Tasks are read last, and in file order, whatever the order of the keys.</summary>
internal sealed class PlanDraft
{
    /// <summary>Id of the phase that holds the tasks of the top level.</summary>
    public const string MainPhase = "main";

    public string? Name { get; set; }

    public string? Goal { get; set; }

    public string? Version { get; set; }

    public SwarmSettings? Swarm { get; set; }

    public IReadOnlyDictionary<string, PlanValue>? Vars { get; set; }

    public IReadOnlyList<AgentSpec> Agents { get; set; } = [];

    public IReadOnlyList<Team> Teams { get; set; } = [];

    public YamlNode? Phases { get; set; }

    public YamlNode? Tasks { get; set; }

    public YamlNode? Gates { get; set; }

    public IReadOnlyList<HookSpec> Hooks { get; set; } = [];

    public IReadOnlyList<ProtocolSpec> Protocols { get; set; } = [];

    public IReadOnlyList<McpServerSpec> McpServers { get; set; } = [];

    public IReadOnlyList<TriggerSpec> Triggers { get; set; } = [];

    public WorkCalendar? Calendar { get; set; }

    public IReadOnlyList<EscalationPath> Escalation { get; set; } = [];

    public IReadOnlyList<RiskSpec> Risks { get; set; } = [];

    /// <summary>Reads the phases and makes the plan.</summary>
    public Plan ToPlan(Binder binder)
    {
        if (IsEmpty(Tasks) && IsEmpty(Phases))
            binder.Error(DiagnosticCodes.NothingToDo, (Tasks ?? Phases)?.Span ?? new SourceSpan(1, 1, 0), "the plan has no tasks; add 'tasks:' at the top level, or 'phases:' with tasks in them");
        binder.Calendar = Calendar ?? WorkCalendar.Clock;
        var definesWorker = Agents.Any(a => a.Id == AgentSpec.ImplicitId);
        var phases = new List<Phase>();
        if (MainOf(binder, definesWorker) is { } main) phases.Add(main);
        if (Phases is not null && binder.List(Phases, "phases", "phases") is { } items)
            foreach (var item in items)
                if (PhaseKeys.Read(binder, item, definesWorker) is { } phase) phases.Add(phase);
        return new Plan
        {
            Name = Name ?? "",
            Goal = Goal,
            Version = Version,
            Swarm = Swarm ?? new SwarmSettings(),
            Vars = Vars ?? new Dictionary<string, PlanValue>(),
            Agents = Agents,
            Teams = Teams,
            Phases = phases,
            Hooks = Hooks,
            Protocols = Protocols,
            McpServers = McpServers,
            Triggers = Triggers,
            Calendar = Calendar,
            Escalation = Escalation,
            Risks = Risks,
        };
    }

    private static bool IsEmpty(YamlNode? node) => node is null or YamlSequence { Items.Count: 0 };

    private Phase? MainOf(Binder binder, bool definesWorker)
    {
        if (Tasks is null)
        {
            if (Gates is not null && Phases is not null)
                binder.Error(DiagnosticCodes.ConflictingKeys, Gates.Span, "gates at the top level close the tasks at the top level, and there are none; put them into a phase");
            return null;
        }

        binder.Sources.Phases.Add(null);
        return new Phase
        {
            Id = MainPhase,
            Tasks = PhaseKeys.Tasks(binder, Tasks, MainPhase, definesWorker),
            Gates = Gates is null ? [] : PhaseKeys.Gates(binder, Gates, MainPhase),
            At = Tasks.Span,
        };
    }
}
