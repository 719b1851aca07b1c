using Skep.Orchestration.Coverage;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Merges coverage reports and compares the shares of covered lines and branches with thresholds.</summary>
public sealed class CoverageGate : IGateCheck
{
    /// <summary>Most reports of one gate.</summary>
    public const int MaxReports = 1_000;

    /// <inheritdoc />
    public string Kind => GateKinds.Coverage;

    /// <inheritdoc />
    public Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var heartbeat = HeartbeatTimer.Start(request.Attempt, context);
        try
        {
            return Task.FromResult(Check(request, cancel));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(AttemptResult.Failure(e.Message, retryable: false) with { Evidence = $"not read: {e.Message}" });
        }
    }

    private static AttemptResult Check(GateRequest request, CancellationToken cancel)
    {
        var check = request.Gate.Coverage!;
        var reports = new List<GateFile>();
        foreach (var pattern in check.Reports)
        {
            var found = new GateFiles(request.Attempt, cancel).Find(pattern);
            if (found.Count == 0) throw new FormatException($"there is no coverage report '{pattern}' below {request.Attempt.WorkingDirectory}; did the tests run with coverage?");
            reports.AddRange(found);
        }

        reports = [.. reports.DistinctBy(r => r.Path)];
        if (reports.Count > MaxReports) throw new FormatException($"'report' names {reports.Count} files; at most {MaxReports} are merged");
        var facts = new CoverageFacts();
        foreach (var report in reports) new CoberturaReader(facts, new SourcePaths(request.Attempt.Workspace, File.Exists)).Read(report, cancel);
        var files = facts.Files.OrderBy(f => f.Path, StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new FormatException($"the coverage reports tell of no line: {string.Join(", ", reports.Take(3).Select(r => r.Name))}; did the tests load the code?");
        return CoverageVerdict.Judge(check, files, reports.Count);
    }
}
