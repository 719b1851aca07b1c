using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading dependencies.</summary>
internal sealed partial class Binder
{
    /// <summary>An id, <c>{ id, on }</c>, or a list of these.</summary>
    public IReadOnlyList<Need> Needs(YamlNode node)
    {
        if (node is not YamlSequence sequence) return Need(node) is { } single ? [single] : [];
        var needs = new List<Need>(sequence.Items.Count);
        foreach (var item in sequence.Items)
            if (Need(item) is { } need) needs.Add(need);
        return needs;
    }

    private Need? Need(YamlNode node)
    {
        if (node is YamlMapping)
        {
            var draft = new NeedDraft();
            NeedKeys.Table.Bind(this, node, draft);
            return draft.Id is { } id ? new Need(id, draft.On, draft.At) : null;
        }

        if (node is not YamlScalar { IsNull: false } scalar)
        {
            WrongType(node, "a need must be the id of a task or phase, or { id: ID, on: success|failure|settled }");
            return null;
        }

        if (Identifier.IsValid(scalar.Value)) return new Need(scalar.Value, NeedOn.Success, scalar.Span);
        return Id(scalar, "needs") is { } text ? new Need(text, NeedOn.Success, scalar.Span) : null;
    }
}

/// <summary>A need while it is read.</summary>
internal sealed class NeedDraft
{
    public string? Id { get; set; }

    public NeedOn On { get; set; }

    public SourceSpan At { get; set; }
}

/// <summary>The keys of a need in its long form.</summary>
internal static class NeedKeys
{
    private static readonly Dictionary<string, NeedOn> Outcomes = new(StringComparer.Ordinal)
    {
        ["success"] = NeedOn.Success,
        ["failure"] = NeedOn.Failure,
        ["settled"] = NeedOn.Settled,
    };

    public static KeyTable<NeedDraft> Table { get; } = new(
        "need",
        "a need",
        "A dependency, with the outcome that satisfies it.",
        new("id", "The task or phase.", Shapes.Id, static (b, d, n) => (d.Id, d.At) = (b.Id(n, "id"), n.Span), IsRequired: true),
        new("on", "Which outcome satisfies it; 'success' unless stated.", Shapes.Enum(Outcomes.Keys), static (b, d, n) => d.On = b.OneOf(n, "on", Outcomes) ?? NeedOn.Success));
}
