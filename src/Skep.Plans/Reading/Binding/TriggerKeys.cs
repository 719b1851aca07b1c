using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a trigger.</summary>
internal static class TriggerKeys
{
    public static KeyTable<TriggerDraft> Table { get; } = new(
        "trigger",
        "a trigger",
        "A condition over time and what it starts.",
        new("when", "Conditions such as 'memory > 90% for 5m, latency > 10x for 2m'; any one of them fires.", Shapes.Text, static (b, d, n) => d.When = Conditions(b, n), IsRequired: true),
        new("do", "What it starts.", Shapes.Enum(TriggerActions.All), static (b, d, n) => d.Do = b.OneOf(n, "do", TriggerActions.All), IsRequired: true),
        new("to", "Target of the action: a checkpoint, agent, tier, escalation path or way of working.", Shapes.Text, static (b, d, n) => d.To = b.Text(n, "to")),
        new("title", "What the trigger is for, in words.", Shapes.Text, static (b, d, n) => d.Title = b.Text(n, "title")),
        new("vote", "Whether the committee must agree before the action starts.", Shapes.Bool, static (b, d, n) => d.Vote = b.Bool(n, "vote") ?? false));

    /// <summary>Reads the list of triggers.</summary>
    public static IReadOnlyList<TriggerSpec> ReadAll(Binder binder, YamlNode node)
    {
        var triggers = new List<TriggerSpec>();
        foreach (var item in binder.List(node, "triggers", "triggers, each with 'when' and 'do'") ?? [])
        {
            var draft = new TriggerDraft();
            if (!Table.Bind(binder, item, draft) || draft is not { When: { } when, Do: { } action }) continue;
            triggers.Add(new TriggerSpec(when, action, draft.To, item.Span) { Title = draft.Title, Vote = draft.Vote });
            binder.Sources.Triggers.Add((YamlMapping)item);
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

    public string? Title { get; set; }

    public bool Vote { get; set; }
}
