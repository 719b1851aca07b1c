using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>retry</c>.</summary>
internal static class RetryKeys
{
    /// <summary>Most attempts of one task.</summary>
    public const int MaxAttempts = 100;

    private const double MaxFactor = 100;
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    public static KeyTable<RetryDraft> Table { get; } = new(
        "retry",
        "'retry'",
        "Retries with exponential backoff.",
        new("attempts", "Attempts in all.", Shapes.Int(1, MaxAttempts), static (b, d, n) => d.Policy = d.Policy with { Attempts = b.Int32(n, "attempts", 1, MaxAttempts) ?? 1 }, IsRequired: true),
        new("backoff", "First wait.", Shapes.Duration, static (b, d, n) => d.Policy = d.Policy with { Backoff = b.Duration(n, "backoff", TimeSpan.Zero, MaxWait) ?? d.Policy.Backoff }),
        new("factor", "Growth of the wait per attempt, at least 1.", Shapes.Number(1, MaxFactor), static (b, d, n) => d.Policy = d.Policy with { Factor = b.Number(n, "factor", 1, MaxFactor) ?? d.Policy.Factor }),
        new("max_backoff", "Longest wait.", Shapes.Duration, static (b, d, n) => d.Policy = d.Policy with { MaxBackoff = b.Duration(n, "max_backoff", TimeSpan.Zero, MaxWait) ?? d.Policy.MaxBackoff }),
        new("jitter", "The share of the wait that is random, 0 to 1 or 0% to 100%.", new AnyOfShape(Shapes.Number(0, 1), new TextShape(@"^[0-9]+(\.[0-9]+)?%$")), static (b, d, n) => d.Policy = d.Policy with { Jitter = b.Number(n, "jitter", 0, 1, allowPercent: true) ?? d.Policy.Jitter }));

    /// <summary>Reads a number of attempts or the details.</summary>
    public static RetryPolicy Read(Binder binder, YamlNode node)
    {
        if (node is YamlScalar) return RetryPolicy.None with { Attempts = binder.Int32(node, "retry", 1, MaxAttempts) ?? 1 };
        var draft = new RetryDraft();
        Table.Bind(binder, node, draft);
        return draft.Policy;
    }
}

/// <summary>A retry policy while it is read.</summary>
internal sealed class RetryDraft
{
    public RetryPolicy Policy { get; set; } = RetryPolicy.None;
}
