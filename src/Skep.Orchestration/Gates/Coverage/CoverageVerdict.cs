using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration.Coverage;

/// <summary>Compares figures with thresholds, and words what was found. A pure function.</summary>
internal static class CoverageVerdict
{
    /// <summary>Files that the evidence names as the worst.</summary>
    public const int WorstFiles = 5;

    public static AttemptResult Judge(CoverageCheck check, IReadOnlyList<FileCoverage> files, int reports)
    {
        var sum = Sum(files);
        var lines = new List<Threshold>();
        Compare(lines, "all files", check.Overall, sum);
        foreach (var path in check.Paths) Compare(lines, path, files);
        var failed = lines.Where(l => !l.Passed).ToList();
        var result = failed.Count == 0
            ? new AttemptResult { Outcome = AttemptOutcome.Succeeded }
            : AttemptResult.Failure(string.Join("; ", failed.Take(5).Select(l => l.Words)) + (failed.Count > 5 ? $"; and {failed.Count - 5} more" : ""), retryable: false);
        return result with { Evidence = Evidence(lines, Judged(check, files), files.Count, reports), Outputs = Figures(sum) };
    }

    private static void Compare(List<Threshold> lines, PathCoverage path, IReadOnlyList<FileCoverage> files)
    {
        var matching = files.Where(f => Glob.IsMatch(path.Glob, f.Path)).ToList();
        if (matching.Count > 0) Compare(lines, path.Glob, path.Threshold, Sum(matching));
        else lines.Add(new Threshold(false, $"{path.Glob} matches no file of the reports ({string.Join(", ", files.Take(3).Select(f => f.Path))}{(files.Count > 3 ? ", …" : "")})"));
    }

    private static void Compare(List<Threshold> lines, string name, CoverageThreshold wanted, CoverageCount count)
    {
        if (wanted.Line is { } line) lines.Add(Compare(name, "line", line, count.LinesHit, count.Lines));
        if (wanted.Branch is { } branch) lines.Add(Compare(name, "branch", branch, count.BranchesHit, count.Branches));
    }

    /// <summary>The files that a threshold is about.</summary>
    private static List<FileCoverage> Judged(CoverageCheck check, IReadOnlyList<FileCoverage> files) =>
        check.Overall is { Line: null, Branch: null } ? [.. files.Where(f => check.Paths.Any(p => Glob.IsMatch(p.Glob, f.Path)))] : [.. files];

    /// <summary>Compared without dividing, so that 17 of 20 is 85 %.</summary>
    private static Threshold Compare(string name, string what, double least, long hit, long of)
    {
        var passed = 100.0 * hit >= least * of;
        var share = of == 0 ? "nothing to cover" : string.Create(CultureInfo.InvariantCulture, $"{Floor(100.0 * hit / of):0.00} % ({hit}/{of})");
        return new Threshold(passed, string.Create(CultureInfo.InvariantCulture, $"{name}: {what} {share}, wanted {least:R} %"));
    }

    /// <summary>Cut, not rounded: 84.996 % must not read as 85.</summary>
    private static double Floor(double percent) => Math.Floor(percent * 100) / 100;

    private static string Evidence(List<Threshold> lines, List<FileCoverage> files, int all, int reports)
    {
        var parts = lines.OrderBy(l => l.Passed).Take(40).Select(l => $"{(l.Passed ? "ok" : "FAILED")} {l.Words}").ToList();
        var worst = files.Where(f => f.Count.LinesHit < f.Count.Lines).OrderBy(f => f.Count.LinePercent).ThenByDescending(f => f.Count.Lines).Take(WorstFiles)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Path} {Floor(f.Count.LinePercent):0.##} % of {f.Count.Lines}")).ToList();
        parts.Add(worst.Count == 0 ? "every line is covered" : "worst: " + string.Join(", ", worst));
        parts.Add($"{all} files in {reports} {(reports == 1 ? "report" : "reports")}");
        return Text.Shorten(string.Join("; ", parts), AnswerBounds.MaxMessage);
    }

    private static Dictionary<string, string> Figures(CoverageCount sum) => new(StringComparer.Ordinal)
    {
        ["coverage.line"] = Math.Round(sum.LinePercent, 4).ToString("R", CultureInfo.InvariantCulture),
        ["coverage.branch"] = Math.Round(sum.BranchPercent, 4).ToString("R", CultureInfo.InvariantCulture),
    };

    private static CoverageCount Sum(IEnumerable<FileCoverage> files) => files.Aggregate(default(CoverageCount), (sum, f) => sum + f.Count);

    private sealed record Threshold(bool Passed, string Words);
}
