using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a risk.</summary>
internal static class RiskKeys
{
    private static readonly Dictionary<string, RiskLevel> Impacts = new(StringComparer.Ordinal)
    {
        ["low"] = RiskLevel.Low,
        ["medium"] = RiskLevel.Medium,
        ["high"] = RiskLevel.High,
        ["critical"] = RiskLevel.Critical,
    };

    private static readonly Dictionary<string, RiskLevel> Probabilities = Impacts.Where(l => l.Value != RiskLevel.Critical).ToDictionary(StringComparer.Ordinal);

    public static KeyTable<RiskDraft> Table { get; } = new(
        "risk",
        "a risk",
        "Something that may go wrong.",
        new("id", "Identifier, unique among risks.", Shapes.Id, static (b, d, n) => d.Risk = d.Risk with { Id = b.Id(n, "id") ?? "", At = n.Span }, IsRequired: true),
        new("title", "What may go wrong.", Shapes.Text, static (b, d, n) => d.Risk = d.Risk with { Title = b.Text(n, "title") }),
        new("probability", "How likely it is.", Shapes.Enum(Probabilities.Keys), static (b, d, n) => d.Risk = d.Risk with { Probability = b.OneOf(n, "probability", Probabilities) }),
        new("impact", "How bad it would be.", Shapes.Enum(Impacts.Keys), static (b, d, n) => d.Risk = d.Risk with { Impact = b.OneOf(n, "impact", Impacts) }),
        new("mitigation", "What is done about it.", Shapes.TextList, static (b, d, n) => d.Risk = d.Risk with { Mitigation = b.LiteralList(n, "mitigation") }),
        new("threatens", "Tasks or phases that it threatens.", Shapes.TextList, static (b, d, n) => d.Risk = d.Risk with { Threatens = b.LiteralList(n, "threatens") }));

    /// <summary>Reads the list of risks.</summary>
    public static IReadOnlyList<RiskSpec> ReadAll(Binder binder, YamlNode node)
    {
        var risks = new List<RiskSpec>();
        foreach (var item in binder.List(node, "risks", "risks, each with an 'id'") ?? [])
        {
            var draft = new RiskDraft(new RiskSpec { Id = "", At = item.Span });
            if (!Table.Bind(binder, item, draft)) continue;
            binder.Sources.Risks.Add((YamlMapping)item);
            risks.Add(draft.Risk);
        }

        return risks;
    }
}

/// <summary>A risk while it is read.</summary>
internal sealed class RiskDraft(RiskSpec risk)
{
    public RiskSpec Risk { get; set; } = risk;
}
