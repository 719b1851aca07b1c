using System.Globalization;
using Skep.Orchestration.Benchmarking;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Compares measurements with a stored baseline by <see cref="RegressionRule"/>. The first pass makes the baseline.</summary>
public sealed class BenchmarkGate : IGateCheck
{
    /// <summary>Most benchmarks that the evidence names; regressions come first.</summary>
    public const int MaxListed = 15;

    /// <inheritdoc />
    public string Kind => GateKinds.Benchmark;

    /// <inheritdoc />
    public Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var heartbeat = HeartbeatTimer.Start(request.Attempt, context);
        try
        {
            return Task.FromResult(Check(request.Gate.Benchmark!, request.Attempt, cancel));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(AttemptResult.Failure(e.Message, retryable: false) with { Evidence = $"not compared: {e.Message}" });
        }
    }

    private static AttemptResult Check(BenchmarkCheck check, AttemptRequest attempt, CancellationToken cancel)
    {
        var now = Chosen(check, ReadReport(check, attempt, cancel));
        foreach (var one in now) RequireSamples(check, one, "the report");
        var baseline = BaselineFile.Of(attempt, check.Baseline, cancel);
        return baseline.IsThere ? Compare(check, now, baseline) : Begin(now, baseline);
    }

    private static AttemptResult Begin(List<Measured> now, BaselineFile baseline)
    {
        baseline.Write(Measurements.Write(now));
        var listed = string.Join(", ", now.Take(MaxListed).Select(m => $"{m.Name} {Number(RegressionRule.Median([.. m.Samples.Order()]))} {m.Unit}"));
        return Passed($"there was no baseline '{baseline.Shown}'; this run made it, nothing was compared: {listed}{More(now.Count)}");
    }

    private static AttemptResult Compare(BenchmarkCheck check, List<Measured> now, BaselineFile baseline)
    {
        var stored = Measurements.Read(new GateFile(baseline.Shown, baseline.Path));
        var before = stored.Where(m => IsChosen(check, m)).ToDictionary(m => m.Name, StringComparer.Ordinal);
        if (before.Keys.FirstOrDefault(name => now.All(m => m.Name != name)) is { } gone)
            throw new FormatException($"the report lacks '{gone}', which the baseline '{baseline.Shown}' has; measure it, or remove it from {baseline.Path}");
        var fresh = now.Where(m => !before.ContainsKey(m.Name)).ToList();
        var pairs = now.Where(m => before.ContainsKey(m.Name)).Select(m => Pair(check, before[m.Name], m)).ToList();
        var found = RegressionRule.Compare(pairs, check.MaxRegression, check.HigherIsBetter);
        var evidence = Evidence(check, found, now, baseline);
        if (fresh.Count > 0) evidence += $"; new, not compared: {string.Join(", ", fresh.Take(MaxListed).Select(m => m.Name))}";
        var bad = found.Where(c => c.Regressed).ToList();
        if (bad.Count > 0)
        {
            var words = string.Join("; ", bad.Take(5).Select(c => $"{c.Name} is {Percent(c.Ratio - 1)} {Worse(check)} than the baseline (at least {Percent(c.Low - 1)}, accepted {Percent(check.MaxRegression)})"));
            return AttemptResult.Failure($"{words}{(bad.Count > 5 ? $"; and {bad.Count - 5} more" : "")}", retryable: false) with { Evidence = Text.Shorten(evidence, AnswerBounds.MaxMessage), Outputs = Figures(found) };
        }

        if (check.UpdateOnPass || fresh.Count > 0)
        {
            var kept = check.UpdateOnPass ? now : [.. before.Values, .. fresh];
            baseline.Write(Measurements.Write([.. stored.Where(m => !IsChosen(check, m)), .. kept]));
            evidence += check.UpdateOnPass ? "; the baseline was replaced" : "; the baseline was extended";
        }

        return Passed(evidence) with { Outputs = Figures(found) };
    }

    private static SamplePair Pair(BenchmarkCheck check, Measured before, Measured now)
    {
        RequireSamples(check, before, $"the baseline '{check.Baseline}'");
        return before.Unit == now.Unit
            ? new SamplePair(now.Name, before.Samples, now.Samples)
            : throw new FormatException($"'{now.Name}' is given in {now.Unit}, in the baseline in {before.Unit}");
    }

    private static void RequireSamples(BenchmarkCheck check, Measured one, string where)
    {
        if (one.Samples.Count < check.Samples)
            throw new FormatException($"{where} has {one.Samples.Count} samples of '{one.Name}'; the gate wants at least {check.Samples}: measure more often, or lower 'samples' (not below {BenchmarkCheck.FewestSamples})");
    }

    private static IReadOnlyList<Measured> ReadReport(BenchmarkCheck check, AttemptRequest attempt, CancellationToken cancel) =>
        new GateFiles(attempt, cancel).Find(check.Report) switch
        {
            [var file] => Measurements.Read(file),
            [] => throw new FormatException($"there is no report '{check.Report}' below {attempt.WorkingDirectory}; did the benchmark run?"),
            var many => throw new FormatException($"'{check.Report}' matches {many.Count} files; a benchmark gate reads one report"),
        };

    private static List<Measured> Chosen(BenchmarkCheck check, IReadOnlyList<Measured> all)
    {
        List<Measured> chosen = [.. all.Where(m => IsChosen(check, m))];
        return chosen.Count > 0 ? chosen : throw new FormatException($"no benchmark is named '{check.Metric}'; the report has {string.Join(", ", all.Take(5).Select(m => m.Name))}{(all.Count > 5 ? ", …" : "")}");
    }

    private static bool IsChosen(BenchmarkCheck check, Measured one) => check.Metric is not { } glob || glob == one.Name || Glob.IsMatch(glob, one.Name);

    private static string Evidence(BenchmarkCheck check, IReadOnlyList<BenchmarkFinding> found, List<Measured> now, BaselineFile baseline)
    {
        var units = now.ToDictionary(m => m.Name, m => m.Unit, StringComparer.Ordinal);
        var lines = found.OrderByDescending(c => c.Regressed).ThenByDescending(c => c.Low).Take(MaxListed).Select(c =>
            string.Create(CultureInfo.InvariantCulture, $"{Verdict(check, c)} {c.Name}: median {Number(c.Now)} {units[c.Name]}, was {Number(c.Before)}: {c.Ratio:0.000} times (99 %: {c.Low:0.000} to {c.High:0.000})"));
        return $"against '{baseline.Shown}', at most {Percent(check.MaxRegression)} {Worse(check)}: {string.Join("; ", lines)}{More(found.Count)}";
    }

    /// <summary>Noise can hide a regression; the gate passes then, but does not say "ok".</summary>
    private static string Verdict(BenchmarkCheck check, BenchmarkFinding c) =>
        c.Regressed ? "REGRESSED" : c.High > 1 + check.MaxRegression ? "not certain" : "ok";

    private static Dictionary<string, string> Figures(IReadOnlyList<BenchmarkFinding> found) => found.Count == 0 ? [] : new(StringComparer.Ordinal)
    {
        ["benchmark.worst_ratio"] = Math.Round(found.Max(c => c.Ratio), 6).ToString("R", CultureInfo.InvariantCulture),
    };

    private static AttemptResult Passed(string evidence) => new() { Outcome = AttemptOutcome.Succeeded, Evidence = Text.Shorten(evidence, AnswerBounds.MaxMessage) };

    private static string Worse(BenchmarkCheck check) => check.HigherIsBetter ? "lower" : "higher";

    private static string More(int all) => all > MaxListed ? $"; and {all - MaxListed} more" : "";

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
