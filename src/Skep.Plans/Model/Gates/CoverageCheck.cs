namespace Skep.Plans;

/// <summary>Coverage that reports in Cobertura's XML format must show.</summary>
/// <param name="Reports">Paths or globs of the reports; they are merged. May hold expressions.</param>
/// <param name="Overall">Thresholds over all files.</param>
/// <param name="Paths">Thresholds over the files that a glob matches.</param>
public sealed record CoverageCheck(IReadOnlyList<string> Reports, CoverageThreshold Overall, IReadOnlyList<PathCoverage> Paths)
{
    /// <summary>Most globs with thresholds of their own.</summary>
    public const int MaxPaths = 200;

    /// <summary>The check as people say it.</summary>
    public override string ToString() =>
        string.Join("; ", new[] { Overall.ToString() }.Concat(Paths.Select(p => $"{p.Glob}: {p.Threshold}")).Where(t => t.Length > 0));
}

/// <summary>Thresholds over the files below a glob.</summary>
/// <param name="Glob">A glob over paths relative to the workspace.</param>
/// <param name="Threshold">The thresholds.</param>
public sealed record PathCoverage(string Glob, CoverageThreshold Threshold);

/// <summary>The least shares that must be covered, in per cent from 0 to 100.</summary>
/// <param name="Line">Of lines, or null.</param>
/// <param name="Branch">Of branches, or null.</param>
public sealed record CoverageThreshold(double? Line, double? Branch)
{
    /// <summary>The thresholds as people say them; empty when there is none.</summary>
    public override string ToString() => string.Join(", ", new[] { Part("line", Line), Part("branch", Branch) }.Where(t => t.Length > 0));

    private static string Part(string name, double? least) => least is { } value ? FormattableString.Invariant($"{name} >= {value:R} %") : "";
}
