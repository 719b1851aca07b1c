using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>budget</c>.</summary>
internal static class BudgetKeys
{
    private const long MaxTokens = 1_000_000_000_000;
    private const double MaxCost = 1e9;

    public static KeyTable<BudgetDraft> Table { get; } = new(
        "budget",
        "'budget'",
        "What the run may use; what is not stated is unlimited.",
        new("tokens", "Model tokens.", Shapes.Int(1, MaxTokens), static (b, d, n) => d.Tokens = b.Int(n, "tokens", 1, MaxTokens)),
        new("cost_usd", "US dollars.", Shapes.Number(0, MaxCost), static (b, d, n) => d.CostUsd = b.Number(n, "cost_usd", 0, MaxCost)),
        new("wall", "Wall-clock time.", Shapes.Duration, static (b, d, n) => d.Wall = b.Duration(n, "wall")));

    public static Budget Read(Binder binder, YamlNode node)
    {
        var draft = new BudgetDraft();
        Table.Bind(binder, node, draft);
        return new Budget(draft.Tokens, draft.CostUsd, draft.Wall);
    }
}

/// <summary>A budget while it is read.</summary>
internal sealed class BudgetDraft
{
    public long? Tokens { get; set; }

    public double? CostUsd { get; set; }

    public TimeSpan? Wall { get; set; }
}
