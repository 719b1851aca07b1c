using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>optimizer</c> and of its rules.</summary>
internal static class OptimizerKeys
{
    private const int MaxRules = 100;

    private static readonly Dictionary<string, OptimizerAction> Actions = new(StringComparer.Ordinal)
    {
        ["change-model"] = OptimizerAction.ChangeModel,
        ["reduce-output"] = OptimizerAction.ReduceOutput,
        ["pause"] = OptimizerAction.Pause,
    };

    public static KeyTable<OptimizerDraft> Table { get; } = new(
        "optimizer",
        "'optimizer'",
        "Rules that change running queries by what is measured of them.",
        new Key<OptimizerDraft>("rules", "The rules, in the order in which they are looked at.", new ListShape(new RefShape("optimizer-rule")), static (b, d, n) => d.Rules = ReadRules(b, n), IsRequired: true));

    public static KeyTable<OptimizerRuleDraft> RuleTable { get; } = new(
        "optimizer-rule",
        "a rule of the optimizer",
        "What is done to a query when its metric is beyond a threshold.",
        new("when", "A comparison such as 'latency_ms > 20000', of latency_ms, tokens_per_turn or error_rate.", Shapes.Text, static (b, d, n) => d.When = Condition(b, n), IsRequired: true),
        new("do", "What is done.", Shapes.Enum(Actions.Keys), static (b, d, n) => d.Do = b.OneOf(n, "do", Actions), IsRequired: true),
        new("to", "For change-model: the model; the agent's next fallback unless stated.", Shapes.Text, static (b, d, n) => (d.To, d.ToAt) = (b.ModelName(n, "to"), n.Span)));

    public static OptimizerSpec Read(Binder binder, YamlNode node)
    {
        var draft = new OptimizerDraft();
        Table.Bind(binder, node, draft);
        return new OptimizerSpec(draft.Rules);
    }

    private static List<OptimizerRule> ReadRules(Binder binder, YamlNode node)
    {
        var rules = new List<OptimizerRule>();
        var items = binder.List(node, "rules", "rules, each with 'when' and 'do'") ?? [];
        if (items.Count > MaxRules) binder.Error(DiagnosticCodes.TooLarge, node.Span, $"the optimizer has {items.Count:N0} rules; at most {MaxRules} are allowed");
        foreach (var item in items.Take(MaxRules))
        {
            var draft = new OptimizerRuleDraft();
            if (!RuleTable.Bind(binder, item, draft) || draft is not { When: { } when, Do: { } action }) continue;
            if (draft.To is not null && action != OptimizerAction.ChangeModel)
                binder.Error(DiagnosticCodes.ConflictingKeys, draft.ToAt, "'to' names the model of change-model; other actions take none");
            rules.Add(new OptimizerRule(when, action, draft.To, item.Span));
        }

        return rules;
    }

    private static MetricCheck? Condition(Binder binder, YamlNode node)
    {
        if (binder.Text(node, "when") is not { } text || MetricGate.ReadComparison(binder, (YamlScalar)node) is not { } check) return null;
        if (!OptimizerMetrics.All.Contains(check.Name))
            binder.Error(DiagnosticCodes.BadValue, node.Span, $"an optimizer cannot look at '{check.Name}'; {Suggestion.Hint(check.Name, [.. OptimizerMetrics.All], "its metrics")}", text);
        else if (check is { Name: OptimizerMetrics.ErrorRate, Value: < 0 or > 1 })
            binder.Error(DiagnosticCodes.OutOfRange, node.Span, $"error_rate is a share from 0 to 1, so it is never {check}; write 0.05 for 5 %", text);
        return check;
    }
}

/// <summary>An optimizer while it is read.</summary>
internal sealed class OptimizerDraft
{
    public IReadOnlyList<OptimizerRule> Rules { get; set; } = [];
}

/// <summary>A rule of an optimizer while it is read.</summary>
internal sealed class OptimizerRuleDraft
{
    public MetricCheck? When { get; set; }

    public OptimizerAction? Do { get; set; }

    public string? To { get; set; }

    public SourceSpan ToAt { get; set; }
}
