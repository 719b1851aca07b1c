using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a trigger.</summary>
internal static class TriggerKeys
{
    private static readonly string[] Actions = ["rollback", "pause", "cancel", "notify"];

    public static KeyTable<TriggerDraft> Table { get; } = new(
        "trigger",
        "a trigger",
        "A condition over time and what it starts.",
        new("when", "Conditions such as 'memory > 90% for 5m, latency > 10x for 2m'; any one of them fires.", Shapes.Text, static (b, d, n) => d.When = Conditions(b, n), IsRequired: true),
        new("do", "What it starts.", Shapes.Enum(Actions), static (b, d, n) => d.Do = b.OneOf(n, "do", Actions), IsRequired: true),
        new("to", "Target of the action, such as 'last-checkpoint'.", Shapes.Text, static (b, d, n) => d.To = b.Text(n, "to")));

    /// <summary>Reads the list of triggers.</summary>
    public static IReadOnlyList<TriggerSpec> ReadAll(Binder binder, YamlNode node)
    {
        var triggers = new List<TriggerSpec>();
        foreach (var item in binder.List(node, "triggers", "triggers, each with 'when' and 'do'") ?? [])
        {
            var draft = new TriggerDraft();
            if (Table.Bind(binder, item, draft) && draft is { When: { } when, Do: { } action })
                triggers.Add(new TriggerSpec(when, action, draft.To, item.Span));
        }

        return triggers;
    }

    private static IReadOnlyList<TriggerCondition>? Conditions(Binder binder, YamlNode node)
    {
        if (binder.Text(node, "when") is not { } text) return null;
        try
        {
            return ConditionText.Trigger(text);
        }
        catch (FormatException e)
        {
            binder.Error(DiagnosticCodes.BadValue, node.Span, $"'when' is no condition: {e.Message}", text);
            return null;
        }
    }
}

/// <summary>A trigger while it is read.</summary>
internal sealed class TriggerDraft
{
    public IReadOnlyList<TriggerCondition>? When { get; set; }

    public string? Do { get; set; }

    public string? To { get; set; }
}
