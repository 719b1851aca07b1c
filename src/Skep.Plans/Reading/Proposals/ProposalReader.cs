using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Validation;
using Skep.Plans.Validation.Rules;

namespace Skep.Plans;

/// <summary>
/// Reads tasks that an agent proposes while a run is at work, and holds them to the rules of a plan and to what the proposer's spec lets it
/// propose. They join the proposer's phase, so that what waits for the phase waits for them. Pure: the same text, plan and proposer yield the same.
/// </summary>
public static class ProposalReader
{
    /// <summary>Longest text, in UTF-16 units: 64 Ki.</summary>
    public const int MaxChars = 64 * 1024;

    /// <summary>Most tasks of one proposal.</summary>
    public const int MaxTasks = 100;

    private static readonly PlanLimits Limits = new() { MaxChars = MaxChars, MaxDepth = 32, MaxNodes = 20_000, MaxDiagnostics = 20 };

    private static readonly IPlanRule[] Rules = [new NeedsRule(), new CyclesRule(), new ReferencesRule()];

    /// <summary>Reads a proposal. Never throws for what stands in it.</summary>
    /// <param name="text">A mapping with <c>tasks</c>, as YAML or JSON.</param>
    /// <param name="plan">The plan as it is now, with what was proposed before.</param>
    /// <param name="by">Who proposes; its task and agent are in the plan.</param>
    /// <exception cref="ArgumentException">The plan has no such task or agent.</exception>
    public static ProposalReadResult Read(string text, Plan plan, Proposer by)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(by);
        var phase = plan.Phases.ToList().FindIndex(p => p.Tasks.Any(t => t.Id == by.Task));
        if (phase < 0) throw new ArgumentException($"the plan has no task '{by.Task}'", nameof(by));
        var bag = new DiagnosticBag(Limits.MaxDiagnostics);
        var binder = new Binder(bag) { Calendar = plan.Calendar ?? WorkCalendar.Clock };
        var tasks = YamlTreeReader.Read(text, Limits, bag) is { } root ? Bind(binder, root, plan, phase) : [];
        if (!bag.HasErrors) tasks = new ProposalRights(plan, by, binder.Sources, bag).Apply(tasks, Before(plan, phase + 1));
        var merged = plan with { Phases = [.. plan.Phases.Select((p, i) => i == phase ? p with { Tasks = [.. p.Tasks, .. tasks] } : p)] };
        if (!bag.HasErrors) Check(merged, binder.Sources, bag);
        return new ProposalReadResult(bag.HasErrors ? null : merged, tasks, bag.ToList());
    }

    private static List<PlanTask> Bind(Binder binder, YamlNode root, Plan plan, int phase)
    {
        var draft = new ProposalDraft();
        if (!ProposalKeys.Table.Bind(binder, root, draft) || draft.Tasks is null || binder.List(draft.Tasks, "tasks", "tasks, each with an 'id' and a 'prompt'") is not { } items) return [];
        if (items.Count is 0 or > MaxTasks)
        {
            binder.Error(DiagnosticCodes.TooLarge, draft.Tasks.Span, $"a proposal has 1 to {MaxTasks} tasks, not {items.Count:N0}");
            return [];
        }

        // Expressions name their task by its place among all of the plan's.
        binder.Sources.Tasks.AddRange(Placeholders(Before(plan, phase + 1)));
        var definesWorker = plan.Agents.Any(a => a.Id == AgentSpec.ImplicitId);
        var tasks = new List<PlanTask>(items.Count);
        foreach (var item in items)
            if (TaskDraft.Read(binder, item, plan.Phases[phase].Id, definesWorker, ProposalKeys.Task) is { } task) tasks.Add(task);
        return tasks;
    }

    private static void Check(Plan merged, PlanSources sources, DiagnosticBag bag)
    {
        sources.Tasks.AddRange(Placeholders(merged.Tasks.Count() - sources.Tasks.Count));
        var context = new ValidationContext(merged, sources, bag);
        foreach (var rule in Rules) rule.Check(context);
    }

    private static int Before(Plan plan, int phase) => plan.Phases.Take(phase).Sum(p => p.Tasks.Count);

    /// <summary>Nodes for tasks whose text is not at hand; nothing is looked up in them.</summary>
    private static IEnumerable<YamlMapping> Placeholders(int count) => Enumerable.Repeat(new YamlMapping(default), count);
}
