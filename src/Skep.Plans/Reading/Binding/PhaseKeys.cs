using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a phase.</summary>
internal static class PhaseKeys
{
    public static KeyTable<PhaseDraft> Table { get; } = new(
        "phase",
        "a phase",
        "A step that groups tasks; it is done when its tasks are settled and its gates have passed.",
        new("id", "Identifier, unique among phases and tasks.", Shapes.Id, static (b, d, n) => (d.Id, d.At) = (b.Id(n, "id"), n.Span), IsRequired: true),
        new("title", "What the phase is about.", Shapes.Text, static (b, d, n) => d.Title = b.Text(n, "title")),
        new("needs", "Tasks or phases that must be settled first.", Shapes.Needs, static (b, d, n) => d.Needs = b.Needs(n)),
        new("tasks", "The tasks.", new ListShape(new RefShape("task")), static (_, d, n) => d.Tasks = n),
        new("gates", "Checks that follow the tasks; the phase succeeds only if all pass.", new ListShape(new RefShape("gate")), static (_, d, n) => d.Gates = n),
        new("lead", "Agents that answer for the phase.", Shapes.TextList, static (b, d, n) => d.Leads = b.LiteralList(n, "lead")),
        new("checkpoint", "Whether a checkpoint is wanted when the phase has succeeded: true, or its name.", new AnyOfShape(Shapes.Bool, Shapes.Id), static (b, d, n) => d.SetCheckpoint(b, n)),
        new("budget", "What its tasks may use together.", new RefShape("budget"), static (b, d, n) => d.Budget = BudgetKeys.Read(b, n, AtLimit.Fail)),
        new("hooks", "What happens around the actions of its tasks.", HookKeys.Shape, static (b, d, n) => d.Hooks = HookKeys.ReadAll(b, n)));

    /// <summary>Reads one phase.</summary>
    public static Phase? Read(Binder binder, YamlNode node, bool definesWorker)
    {
        var draft = new PhaseDraft { At = node.Span };
        if (!Table.Bind(binder, node, draft)) return null;
        binder.Sources.Phases.Add((YamlMapping)node);
        // Without an id the phase still holds tasks that others refer to; its own name is one that nobody can write.
        var id = draft.Id ?? $"?{node.Span}";
        return new Phase
        {
            Id = id,
            Title = draft.Title,
            Needs = draft.Needs,
            Tasks = draft.Tasks is null ? [] : Tasks(binder, draft.Tasks, id, definesWorker),
            Gates = draft.Gates is null ? [] : Gates(binder, draft.Gates, id),
            Checkpoint = draft.Checkpoint,
            CheckpointName = draft.CheckpointName,
            Leads = draft.Leads,
            Budget = draft.Budget,
            Hooks = draft.Hooks,
            At = draft.At,
        };
    }

    /// <summary>Reads a list of tasks.</summary>
    public static IReadOnlyList<PlanTask> Tasks(Binder binder, YamlNode node, string phase, bool definesWorker)
    {
        var items = binder.List(node, "tasks", "tasks, each with an 'id'") ?? [];
        var tasks = new List<PlanTask>(items.Count);
        foreach (var item in items)
            if (TaskDraft.Read(binder, item, phase, definesWorker) is { } task) tasks.Add(task);
        return tasks;
    }

    /// <summary>Reads a list of gates.</summary>
    public static IReadOnlyList<GateSpec> Gates(Binder binder, YamlNode node, string phase)
    {
        var gates = new List<GateSpec>();
        foreach (var item in binder.List(node, "gates", "gates") ?? [])
            if (GateReader.Read(binder, item, phase, gates.Count + 1) is { } gate) gates.Add(gate);
        return gates;
    }
}

/// <summary>A phase while it is read.</summary>
internal sealed class PhaseDraft
{
    public string? Id { get; set; }

    public SourceSpan At { get; set; }

    public string? Title { get; set; }

    public IReadOnlyList<Need> Needs { get; set; } = [];

    public YamlNode? Tasks { get; set; }

    public YamlNode? Gates { get; set; }

    public bool Checkpoint { get; private set; }

    public string? CheckpointName { get; private set; }

    public IReadOnlyList<string> Leads { get; set; } = [];

    public Budget? Budget { get; set; }

    public IReadOnlyList<HookSpec> Hooks { get; set; } = [];

    /// <summary>Takes the value of <c>checkpoint</c>: a truth value, or a name.</summary>
    public void SetCheckpoint(Binder binder, YamlNode node)
    {
        if (node is YamlScalar { IsPlain: true, Value: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" }) Checkpoint = binder.Bool(node, "checkpoint") ?? false;
        else if (binder.Id(node, "checkpoint") is { } name) (Checkpoint, CheckpointName) = (true, name);
    }
}
