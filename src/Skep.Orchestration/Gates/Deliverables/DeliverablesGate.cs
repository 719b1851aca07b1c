using System.Security.Cryptography;
using System.Text;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Looks for files; the evidence names them with their sizes and hashes, and what is missing.</summary>
public sealed class DeliverablesGate : IGateCheck
{
    /// <summary>Most files that the evidence names; more are counted.</summary>
    public const int MaxListed = 20;

    /// <summary>Longest list of files in the evidence, in characters.</summary>
    private const int MaxListedChars = 3000;

    /// <inheritdoc />
    public string Kind => GateKinds.Deliverables;

    /// <inheritdoc />
    public async Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var heartbeat = HeartbeatTimer.Start(request.Attempt, context);
        var check = request.Gate.Deliverables!;
        var findings = new List<Finding>();
        foreach (var path in check.Paths) findings.Add(await LookAsync(new GateFiles(request.Attempt, cancel), path, check.MinBytes, cancel));
        return Judge(check, findings);
    }

    private static AttemptResult Judge(DeliverablesCheck check, List<Finding> findings)
    {
        var bad = findings.Where(f => f.Problem is not null).ToList();
        var passed = check.All ? bad.Count == 0 : bad.Count < findings.Count;
        var evidence = Evidence(findings, bad);
        if (passed) return new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = evidence };
        var why = check.All ? string.Join("; ", bad.Take(5).Select(f => f.Problem)) : $"none of {findings.Count} deliverables is there: {bad[0].Problem}";
        return AttemptResult.Failure(bad.Count > 5 && check.All ? $"{why}; and {bad.Count - 5} more" : why, retryable: false) with { Evidence = evidence };
    }

    private static string Evidence(List<Finding> findings, List<Finding> bad)
    {
        var files = findings.Where(f => f.Problem is null).SelectMany(f => f.Files).DistinctBy(f => f.Name).ToList();
        var text = new StringBuilder($"{files.Count} {(files.Count == 1 ? "file" : "files")} found, {files.Sum(f => f.Bytes)} bytes");
        var listed = 0;
        foreach (var file in files.Take(MaxListed).TakeWhile(_ => text.Length < MaxListedChars))
        {
            text.Append($"{(listed++ == 0 ? ": " : ", ")}{file.Name} {file.Bytes} B{(file.Sha256 is null ? "" : " sha256:" + file.Sha256)}");
        }

        if (files.Count > listed) text.Append($", and {files.Count - listed} more");
        if (bad.Count > 0) text.Append("; missing: ").AppendJoin("; ", bad.Take(MaxListed).Select(f => f.Problem));
        return Text.Shorten(text.ToString(), AnswerBounds.MaxMessage);
    }

    private static async Task<Finding> LookAsync(GateFiles files, string path, long least, CancellationToken cancel)
    {
        try
        {
            var found = files.Find(path);
            if (found.Count == 0) return Finding.Bad(path.AsSpan().IndexOfAny('*', '?') >= 0 ? $"'{path}' matches no file" : $"'{path}' is not there");
            var measured = new List<Deliverable>();
            foreach (var file in found) measured.Add(await MeasureAsync(file, hash: measured.Count < MaxListed, cancel));
            return measured.Find(f => f.Bytes < least) is { } small
                ? Finding.Bad($"'{small.Name}' {(small.Bytes == 0 ? "is empty" : $"has {small.Bytes} bytes, fewer than {least}")}")
                : new Finding(measured, null);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(e.Message);
        }
    }

    private static async Task<Deliverable> MeasureAsync(GateFile found, bool hash, CancellationToken cancel)
    {
        await using var file = PlainFile.Open(found.Path) ?? throw new FormatException($"'{found.Name}' is no plain file: for the files of a folder write '{found.Name.TrimEnd('/')}/**'");
        return new Deliverable(found.Name, file.Length, hash ? Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)) : null);
    }

    private sealed record Deliverable(string Name, long Bytes, string? Sha256);

    private sealed record Finding(IReadOnlyList<Deliverable> Files, string? Problem)
    {
        public static Finding Bad(string problem) => new([], problem);
    }
}
