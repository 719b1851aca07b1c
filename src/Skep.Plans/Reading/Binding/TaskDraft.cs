using Skep.Plans.Expressions;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>A task while it is read.</summary>
internal sealed class TaskDraft
{
    private static readonly Dictionary<string, PlanValue> NoValues = [];
    private static readonly Dictionary<string, string> NoTexts = [];

    public string? Id { get; set; }

    public SourceSpan At { get; set; }

    public string? Title { get; set; }

    public string? Agent { get; set; }

    public YamlNode? Run { get; set; }

    public bool Shell { get; set; }

    public string? Prompt { get; private set; }

    public PlanValue? OutputSchema { get; set; }

    public IReadOnlyList<string> Acceptance { get; set; } = [];

    public IReadOnlyList<string> Pins { get; set; } = [];

    public IReadOnlyList<string> Context { get; set; } = [];

    public Budget? Budget { get; set; }

    public string? Tool { get; set; }

    public IReadOnlyDictionary<string, PlanValue> With { get; set; } = NoValues;

    public IReadOnlyList<Need> Needs { get; set; } = [];

    public PlanExpression? Foreach { get; private set; }

    public IReadOnlyList<PlanValue>? ForeachItems { get; private set; }

    public PlanExpression? When { get; set; }

    public IReadOnlyDictionary<string, string> Env { get; set; } = NoTexts;

    public string? Cwd { get; set; }

    public TimeSpan? Timeout { get; set; }

    public RetryPolicy Retry { get; set; } = RetryPolicy.None;

    public int Priority { get; set; }

    public Tier Tier { get; set; } = Tier.Important;

    public IReadOnlyList<string> Produces { get; set; } = [];

    public IReadOnlyList<string> Reads { get; set; } = [];

    public IReadOnlyList<string> Writes { get; set; } = [];

    public IReadOnlyList<string> Owns { get; set; } = [];

    public TimeSpan? Estimate { get; set; }

    public int? Impact { get; set; }

    public int? Effort { get; set; }

    public bool AllowFailure { get; set; }

    public bool Planned { get; set; }

    public IReadOnlyList<HookSpec> Hooks { get; set; } = [];

    /// <summary>Reads a task; null when it is no mapping.</summary>
    public static PlanTask? Read(Binder binder, YamlNode node, string phase, bool definesWorker, KeyTable<TaskDraft>? keys = null)
    {
        var draft = new TaskDraft { At = node.Span };
        binder.Owner = new Owner(OwnerKind.Task, binder.Sources.Tasks.Count);
        if (!(keys ?? TaskKeys.Table).Bind(binder, node, draft)) return null;
        var mapping = (YamlMapping)node;
        var run = binder.Command(draft.Run, draft.Shell, hasItem: mapping.Find("foreach") is not null);
        binder.Sources.Tasks.Add(mapping);
        return draft.ToTask(phase, run, definesWorker);
    }

    /// <summary>Takes the text of <c>prompt</c> or <c>ask</c>.</summary>
    public void SetPrompt(Binder binder, YamlNode node, string key)
    {
        if (binder.Text(node, key) is not { } text) return;
        if (Prompt is not null) binder.Error(DiagnosticCodes.ConflictingKeys, node.Span, "'ask' and 'prompt' are the same; keep one of them");
        Prompt = binder.Template((YamlScalar)node, text);
    }

    /// <summary>Takes the value of <c>foreach</c>.</summary>
    public void SetForeach(Binder binder, YamlNode node)
    {
        if (node is not YamlSequence list)
        {
            Foreach = binder.Whole(node, "foreach");
            return;
        }

        foreach (var item in list.Items)
            if (item is YamlScalar scalar && Template.MayHoldExpressions(scalar.Value))
                binder.Error(DiagnosticCodes.BadExpression, scalar.Span, "items of a written list are taken as they are; use one expression for the whole list, such as ${memory.items}", scalar.Value);
        if (list.Items.Count == 0) binder.Warning(DiagnosticCodes.NothingToDo, list.Span, "'foreach' has no items, so the task does nothing");
        ForeachItems = binder.Value(list, areTemplates: false).AsList;
    }

    private PlanTask ToTask(string phase, CommandSpec? run, bool definesWorker) => new()
    {
        Id = Id ?? $"?{At}",
        Title = Title,
        Phase = phase,
        Agent = definesWorker ? Agent ?? AgentSpec.ImplicitId : Agent == AgentSpec.ImplicitId ? null : Agent,
        Run = run,
        Prompt = Prompt,
        OutputSchema = OutputSchema,
        Acceptance = Acceptance,
        Pins = Pins,
        Context = Context,
        Budget = Budget,
        Tool = Tool,
        With = With,
        Needs = Needs,
        Foreach = Foreach,
        ForeachItems = ForeachItems,
        When = When,
        Env = Env,
        Cwd = Cwd,
        Timeout = Timeout,
        Retry = Retry,
        Priority = Priority,
        Tier = Tier,
        Produces = Produces,
        Reads = Reads,
        Writes = Writes,
        Owns = Owns,
        Estimate = Estimate,
        Impact = Impact,
        Effort = Effort,
        AllowFailure = AllowFailure,
        Planned = Planned,
        Hooks = Hooks,
        At = At,
    };
}
