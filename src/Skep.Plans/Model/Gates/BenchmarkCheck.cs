namespace Skep.Plans;

/// <summary>Measurements that must not be worse than those of a baseline. <c>docs/decisions/0007-benchmark-regression-rule.md</c> explains the rule.</summary>
public sealed record BenchmarkCheck
{
    /// <summary>Fewest samples that the rule can decide on.</summary>
    public const int FewestSamples = 5;

    /// <summary>Most samples that may be asked for.</summary>
    public const int MostSamples = 10_000;

    /// <summary>Path of the new measurements; may hold expressions.</summary>
    public required string Report { get; init; }

    /// <summary>Name of a baseline in <c>.skep/baselines</c>, or a path ending in <c>.json</c>; may hold expressions.</summary>
    public required string Baseline { get; init; }

    /// <summary>Names of the benchmarks to compare, as a glob; null for all.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether higher values are better, as with throughput.</summary>
    public bool HigherIsBetter { get; init; }

    /// <summary>How much worse is still accepted, as a share: 0.1 for 10 %.</summary>
    public double MaxRegression { get; init; } = 0.1;

    /// <summary>Fewest samples of each benchmark on either side.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Whether a pass replaces the baseline.</summary>
    public bool UpdateOnPass { get; init; }

    /// <summary>The check as people say it.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Metric ?? "all benchmarks"} at most {100 * MaxRegression:0.##} % {(HigherIsBetter ? "lower" : "higher")} than {Baseline}");
}
