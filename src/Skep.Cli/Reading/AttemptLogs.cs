using System.Text;

namespace Skep.Cli.Reading;

/// <summary>Writes the logs of attempts: the file in the run's folder, else the tail that the log of events holds.</summary>
internal sealed class AttemptLogs(CliContext cli, OpenRuns runs, string run)
{
    private const int BufferChars = 32 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>The log of one attempt.</summary>
    public async Task<int> WriteAsync(string task, int? number, CancellationToken cancel)
    {
        var state = runs.Load(run);
        await WriteAsync(state, Find(state, task), Attempt(Find(state, task), number), cancel);
        return ExitCodes.Ok;
    }

    /// <summary>The logs of all attempts, in the order in which they began.</summary>
    public async Task<int> WriteAllAsync(CancellationToken cancel)
    {
        var state = runs.Load(run);
        var attempts = state.WorkNodes.SelectMany(n => n.Attempts.Select(a => (Node: n, Attempt: a))).OrderBy(p => p.Attempt.AssignedAt).ToList();
        foreach (var (node, attempt) in attempts)
        {
            await cli.Out.WriteLineAsync($"==> {node.Key}, attempt {attempt.Number} <==");
            await WriteAsync(state, node, attempt, cancel);
        }

        if (attempts.Count == 0) await cli.Error.WriteLineAsync("no task has begun yet");
        return ExitCodes.Ok;
    }

    /// <summary>The log of one attempt as it grows, until the attempt has ended.</summary>
    public async Task<int> FollowAsync(string task, int? number, CancellationToken cancel)
    {
        var state = runs.Load(run);
        var (node, seq) = (Find(state, task), state.Seq);
        while (node.Attempts.Count == 0 && !node.Status.IsSettled()) (state, node, seq) = await NewsAsync(task, seq, cancel);
        var attempt = Attempt(node, number);
        long position = 0;
        while (true)
        {
            var ended = attempt.EndedAt is not null || state.Status.IsEnded();
            position = await CopyAsync(PathOf(state, node, attempt), position, cancel);
            if (ended) break;
            await Task.Delay(Poll, cli.Time, cancel);
            if (runs.Store.Find(run)?.Seq == seq) continue;
            (state, node, seq) = Reload(task);
            attempt = Attempt(node, attempt.Number);
        }

        if (position == 0) await cli.Out.WriteAsync(attempt.Result?.LogTail);
        return ExitCodes.Ok;
    }

    private async Task<(RunState State, NodeState Node, long Seq)> NewsAsync(string task, long seq, CancellationToken cancel)
    {
        while (runs.Store.Find(run)?.Seq == seq) await Task.Delay(Poll, cli.Time, cancel);
        return Reload(task);
    }

    private (RunState State, NodeState Node, long Seq) Reload(string task)
    {
        var state = runs.Load(run);
        return (state, Find(state, task), state.Seq);
    }

    private async Task WriteAsync(RunState state, NodeState node, AttemptState attempt, CancellationToken cancel)
    {
        var position = await CopyAsync(PathOf(state, node, attempt), 0, cancel);
        if (position > 0 || await CopyArtifactAsync(attempt, cancel)) return;
        var tail = attempt.Result?.LogTail ?? "";
        await cli.Out.WriteAsync(tail);
        if (tail.Length > 0 && !tail.EndsWith('\n')) await cli.Out.WriteLineAsync();
        if (tail.Length == 0) await cli.Error.WriteLineAsync($"{node.Key} wrote nothing{(attempt.EndedAt is null ? " yet" : "")}");
    }

    /// <summary>A log that was too long for its event is an artifact: it is there even when the run's folder is not.</summary>
    private async Task<bool> CopyArtifactAsync(AttemptState attempt, CancellationToken cancel)
    {
        if (attempt.Result?.Artifacts.FirstOrDefault(a => a.Name == attempt.Result.LogFile) is not { } log || !runs.Blobs.Exists(log.Sha256)) return false;
        await using var blob = runs.Blobs.OpenRead(log.Sha256);
        await CopyAsync(blob, cancel);
        return true;
    }

    private async Task<long> CopyAsync(string path, long position, CancellationToken cancel)
    {
        if (!File.Exists(path)) return position;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(position, file.Length);
        await CopyAsync(file, cancel);
        return file.Position;
    }

    private async Task CopyAsync(Stream file, CancellationToken cancel)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var (bytes, chars) = (new byte[BufferChars], new char[BufferChars]);
        for (int read; (read = await file.ReadAsync(bytes, cancel)) > 0;)
        {
            var count = decoder.GetChars(bytes, 0, read, chars, 0);
            await cli.Out.WriteAsync(chars.AsMemory(0, count), cancel);
        }

        await cli.Out.FlushAsync(cancel);
    }

    private static string PathOf(RunState state, NodeState node, AttemptState attempt) =>
        Path.Combine(state.Info!.RunDirectory, attempt.Result?.LogFile ?? AttemptLogPath.Of(node.Key, attempt.Number));

    private NodeState Find(RunState state, string task)
    {
        var node = state.Find(task) ?? state.Find("gate/" + task);
        if (node?.Node.Kind is not (NodeKind.Task or NodeKind.Gate)) throw new CliException(ExitCodes.RunNotFound, $"run {run} has no task '{task}'; 'skep show {run}' lists them");
        if (node.Items is { Count: > 0 } items) throw new CliException(ExitCodes.Usage, $"'{task}' has {items.Count} items; name one, such as '{items[0].Key}'");
        return node;
    }

    private static AttemptState Attempt(NodeState node, int? number) =>
        number is null && node.Attempts.Count > 0 ? node.Attempts[^1]
        : node.Attempts.FirstOrDefault(a => a.Number == number)
            ?? throw new CliException(ExitCodes.RunNotFound, node.Attempts.Count == 0
                ? $"'{node.Key}' is {node.Status.Name()} and has not begun{(node.Reason is null ? "" : $": {node.Reason}")}"
                : $"'{node.Key}' has no attempt {number}; it has {string.Join(", ", node.Attempts.Select(a => a.Number))}");
}
