using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>budget</c>.</summary>
internal static class BudgetKeys
{
    private const long MaxTokens = 1_000_000_000_000;
    private const double MaxCost = 1e9;
    private const long MaxTurns = 1_000_000_000;

    private static readonly Dictionary<string, AtLimit> Actions = new(StringComparer.Ordinal)
    {
        ["pause"] = AtLimit.Pause,
        ["downgrade"] = AtLimit.Downgrade,
        ["drop-tiers"] = AtLimit.DropTiers,
        ["fail"] = AtLimit.Fail,
    };

    public static KeyTable<BudgetDraft> Table { get; } = new(
        "budget",
        "'budget'",
        "What a run, a phase, an agent or a task may use; what is not stated is unlimited.",
        new("tokens", "Model tokens.", Shapes.Int(1, MaxTokens), static (b, d, n) => d.Tokens = b.Int(n, "tokens", 1, MaxTokens)),
        new("cost_usd", "US dollars.", Shapes.Number(0, MaxCost), static (b, d, n) => d.CostUsd = b.Number(n, "cost_usd", 0, MaxCost)),
        new("wall", "Wall-clock time.", Shapes.Duration, static (b, d, n) => d.Wall = b.Duration(n, "wall")),
        new("turns", "Calls of models.", Shapes.Int(1, MaxTurns), static (b, d, n) => d.Turns = b.Int(n, "turns", 1, MaxTurns)),
        new("at_limit", "What happens at the limit; 'drop-tiers', which only the swarm's budget can do, for the swarm, else 'fail'.", Shapes.Enum(Actions.Keys), static (b, d, n) => d.AtLimit = b.OneOf(n, "at_limit", Actions)));

    /// <summary>Reads a budget; what happens at its limit is what stands there, else what is usual for its place.</summary>
    public static Budget Read(Binder binder, YamlNode node, AtLimit usual)
    {
        var draft = new BudgetDraft();
        Table.Bind(binder, node, draft);
        var budget = new Budget(draft.Tokens, draft.CostUsd, draft.Wall, draft.Turns, draft.AtLimit ?? usual);
        var at = (node as YamlMapping)?.Find("at_limit")?.Span ?? node.Span;
        if (draft.AtLimit is AtLimit.DropTiers && usual != AtLimit.DropTiers)
            binder.Error(DiagnosticCodes.BadValue, at, "tiers are dropped by the budget of the swarm; here 'at_limit' can be pause, downgrade or fail", "drop-tiers");
        else if (draft.AtLimit is not null && !budget.IsLimited)
            binder.Warning(DiagnosticCodes.NothingToDo, at, "'at_limit' means nothing here, because the budget limits nothing; add tokens, cost_usd, turns or wall");
        return budget;
    }
}

/// <summary>A budget while it is read.</summary>
internal sealed class BudgetDraft
{
    public long? Tokens { get; set; }

    public double? CostUsd { get; set; }

    public TimeSpan? Wall { get; set; }

    public long? Turns { get; set; }

    public AtLimit? AtLimit { get; set; }
}
