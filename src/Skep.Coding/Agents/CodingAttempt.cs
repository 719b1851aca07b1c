using System.Globalization;
using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Worktrees;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>One attempt of a coding agent: a worktree, a session of the CLI, a commit, and the merge queue. Each step finds what an earlier process did of it.</summary>
internal sealed partial class CodingAttempt(
    AttemptRequest request, IAttemptContext context, CodingServices services, CodingAdapter adapter, CodingQuery query, IReadOnlyDictionary<string, string> host, SecretMasker masker, AttemptLog log)
{
    private const int MaxMessage = 2000;

    private readonly AttemptRequest _request = request;
    private readonly IAttemptContext _context = context;
    private readonly CodingServices _services = services;
    private readonly CodingAdapter _adapter = adapter;
    private readonly CodingQuery _query = query;
    private readonly SecretMasker _masker = masker;
    private readonly AttemptLog _log = log;
    private readonly Dictionary<string, string> _outputs = new(StringComparer.Ordinal);
    private IReadOnlyList<Artifact> _artifacts = [];
    private Owner _owner = new("", request.IdempotencyKey, request.AgentName, []);

    /// <summary>The attempt.</summary>
    internal AttemptRequest Request => _request;

    /// <summary>Who hears of it.</summary>
    internal IAttemptContext Context => _context;

    /// <summary>What attempts share.</summary>
    internal CodingServices Services => _services;

    /// <summary>How the CLI is driven.</summary>
    internal CodingAdapter Adapter => _adapter;

    /// <summary>Its query.</summary>
    internal CodingQuery Query => _query;

    /// <summary>Variables of the host.</summary>
    internal IReadOnlyDictionary<string, string> HostVariables { get; } = host;

    /// <summary>Hides secrets.</summary>
    internal SecretMasker Masker => _masker;

    /// <summary>Its log.</summary>
    internal AttemptLog Log => _log;

    /// <summary>How the CLI's last process ended.</summary>
    internal CliExit? Exit { get; set; }

    /// <summary>Runs it.</summary>
    public async Task<AttemptResult> RunAsync(CancellationToken cancel)
    {
        var git = await _services.RepositoryAsync(_request.Workspace, cancel);
        var pool = _services.Pool(git, _request.RunId);
        _owner = new Owner(git.CommonDirectory, _request.IdempotencyKey, _request.AgentName, [.. _request.Owns.Select(g => Glob.Normalise(InRepository(git, g)))]);
        using var owned = await OwnAsync(cancel);
        if (_request.Merge is not { } merge) return await WorkAsync(git, pool, null, null, cancel);
        await using var lease = await _services.Merges.OpenAsync(_request, merge, git, Below(git, _request.Workspace), cancel);
        return Submitted(lease.Queue) is { } submitted
            ? await LandAsync(lease, merge, pool, submitted, cancel)
            : await WorkAsync(git, pool, lease, LatestHandedBack(lease.Queue), cancel);
    }

    /// <summary>Files that another live agent owns are waited for; the task's time limit does not count that.</summary>
    private async Task<IDisposable> OwnAsync(CancellationToken cancel)
    {
        var waits = false;
        try
        {
            return await _services.Owners.EnterAsync(_owner, why =>
            {
                if (!waits) _context.Waiting(waits = true);
                _log.Note(why);
            }, cancel);
        }
        finally
        {
            if (waits) _context.Waiting(false);
        }
    }

    private async Task<Trespass?> TrespassAsync(GitRepository git, BranchWork work, CancellationToken cancel)
    {
        var others = _services.Owners.Others(_owner);
        if (_owner.Globs.Count == 0 && others.Count == 0) return null;
        var paths = (await git.RunAsync(git.Root, ["diff-tree", "-r", "-z", "--name-only", "--no-renames", work.Base, work.Commit], cancel)).Fields;
        return Trespass.Of([.. paths], _owner, others);
    }

    /// <summary>What the attempt before is told to do better, when its files were not its own.</summary>
    private string? BeforeText(MergeEntry? before)
    {
        if (before is not null) return HandBackText.ForAgent(before, _request.Merge!.Into);
        return _request.Attempt > 1 && _services.Queries.Find(KeyOf(_request.Attempt - 1)) is { Note: { } note } && note.StartsWith(Trespass.Beginning, StringComparison.Ordinal)
            ? $"Your work on this task was {note}. Begin again, and change only files that are yours: {string.Join(", ", _owner.Globs)}. The earlier work is kept on a branch of its own." : null;
    }

    /// <exception cref="CodingException">It is too long: an expression in it has a long value.</exception>
    private string InRepository(GitRepository git, string glob) => glob.Length > Glob.MaxLength
        ? throw new CodingException($"a glob in 'owns' of task '{_request.TaskId}' has {glob.Length:N0} characters; at most {Glob.MaxLength:N0} are allowed")
        : Below(git, _request.Workspace) is { Length: > 0 } below ? $"{below}/{glob}" : glob;

    private async Task<AttemptResult> WorkAsync(GitRepository git, WorktreePool pool, MergeLease? lease, MergeEntry? before, CancellationToken cancel)
    {
        var start = _request.Merge is { } merge ? await git.RequireTipAsync(merge.Into, cancel)
            : await git.ReadRefAsync("HEAD", cancel) ?? throw new GitException(GitFault.NotFound, $"the repository {git.Root} has no commit yet for an agent to begin at: commit something");
        var tree = await pool.CreateAsync(_request.TaskId, _request.Attempt, _request.AgentName, start, cancel);
        _log.Note($"works in {tree.Path} on {tree.Branch}, from {tree.Base}");
        var folder = Path.Combine(tree.Path, Below(git, _request.WorkingDirectory));
        var session = _services.Sessions.Find(_request.RunId, _request.TaskId, _request.Attempt);
        if (session is not { Ended: true })
        {
            var (ended, failure) = await ConverseAsync(session, folder, BeforeText(before), cancel);
            if (failure is not null) return Measured(failure);
            session = ended;
        }

        _query.Done();
        var work = await pool.FinishAsync(tree, Message(session!.Answer), cancel);
        if (work is not null && await TrespassAsync(git, work, cancel) is { } trespass)
            return Measured(AttemptResult.Failure($"{trespass.Line}; the work is kept on '{work.Branch}' (commit {work.Commit})") with { Evidence = trespass.Evidence });
        _artifacts = await ProducedFiles.StoreAsync(_request with { WorkingDirectory = folder }, _services.Artifacts, cancel);
        if (work is null || lease is null) return await SettleAsync(git, pool, tree, work, cancel);
        await lease.Queue.SubmitAsync(work, cancel);
        return await LandAsync(lease, _request.Merge!, pool, lease.Queue.Find(work.Key)!, cancel);
    }

    /// <summary>Work that goes through no queue stays on its branch, in its worktree; a worktree without any is removed.</summary>
    private async Task<AttemptResult> SettleAsync(GitRepository git, WorktreePool pool, AgentWorktree tree, BranchWork? work, CancellationToken cancel)
    {
        if (work is null)
        {
            _log.Note("the agent has changed nothing");
            var target = _request.Merge?.Into ?? await CurrentAsync(git, cancel);
            if (target is not null) await pool.RemoveAsync(tree, target, null, cancel);
        }

        return await SucceedAsync(work, _request.Attempt, null);
    }

    private async Task<AttemptResult> LandAsync(MergeLease lease, MergeSpec merge, WorktreePool pool, MergeEntry entry, CancellationToken cancel)
    {
        var work = entry.Work;
        _query.Done();
        var waits = !entry.IsSettled;
        if (waits) _log.Note($"waits for the merge queue for '{merge.Into}'");
        // The task's time limit is about the agent's work, not about the work of others before it in the queue.
        if (waits) _context.Waiting(true);
        try
        {
            entry = await lease.WaitAsync(work.Key, why => _log.Note($"the merge queue waits: {why}"), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && !_context.IsLeaving && _services.IsCancelled(_request))
        {
            // What is landing at this moment is carried through.
            if (await lease.Queue.WithdrawAsync(work.Key, "the run, which cancelled its task") is { } late) _log.Note($"the submission could not be withdrawn: {late}");
            throw;
        }
        finally
        {
            if (waits) _context.Waiting(false);
        }

        if (entry.Withdrawn is { } withdrawn)
            return Measured(AttemptResult.Failure($"the submission to '{merge.Into}' was withdrawn by {withdrawn.By}; the work is kept on branch '{work.Branch}' (commit {work.Commit}) and in its worktree", retryable: false));
        if (entry.Landed is not { } landed)
            return Measured(AttemptResult.Failure(HandBackText.Line(entry, merge.Into)) with { Evidence = HandBackText.Evidence(entry, merge.Into) });
        _log.Note($"landed on '{merge.Into}' as {landed.Commit}{(landed.Note is { } note ? $" ({note})" : "")}");
        if (pool.List().FirstOrDefault(r => r.Worktree.Task == work.Task && r.Worktree.Attempt == work.Attempt) is { } row
            && await pool.RemoveAsync(row.Worktree, merge.Into, work.Commit, cancel) is { Kept: { } kept }) _log.Note($"its worktree is kept: {kept}");
        return await SucceedAsync(work, work.Attempt, landed.Commit);
    }

    private async Task<AttemptResult> SucceedAsync(BranchWork? work, int attempt, string? landed)
    {
        if (_services.Sessions.Find(_request.RunId, _request.TaskId, attempt) is { } session)
        {
            _outputs["answer"] = session.Answer;
            _outputs["session"] = session.Session;
            _outputs["tokens"] = session.Usage.Tokens.ToString(CultureInfo.InvariantCulture);
            _outputs["cost_usd"] = session.Usage.CostUsd.ToString("0.######", CultureInfo.InvariantCulture);
            if (!session.Delivered) await _services.Sessions.SaveAsync(session with { Delivered = true });
        }

        if (work is not null) (_outputs["branch"], _outputs["commit"]) = (work.Branch, work.Commit);
        if (landed is not null) _outputs["landed"] = landed;
        return Measured(new AttemptResult { Outcome = AttemptOutcome.Succeeded, Outputs = _outputs, Artifacts = _artifacts });
    }

    private AttemptResult Measured(AttemptResult result) => result with { ExitCode = Exit?.Exit?.Code, CpuMs = Exit?.CpuMs, PeakRssBytes = Exit?.PeakRssBytes };

    /// <summary>
    /// What this attempt has submitted before its process ended; or an earlier one that was cut off while it waited, unless it was told to have succeeded and the task is to be done anew.
    /// </summary>
    private MergeEntry? Submitted(MergeQueue queue)
    {
        if (queue.Find(_request.IdempotencyKey) is { } own) return own;
        for (var attempt = _request.Attempt - 1; attempt >= 1; attempt--)
            if (queue.Find(KeyOf(attempt)) is { HandedBack: null, Withdrawn: null } entry)
                return _services.Sessions.Find(_request.RunId, _request.TaskId, attempt) is { Delivered: true } ? null : entry;
        return null;
    }

    private MergeEntry? LatestHandedBack(MergeQueue queue)
    {
        for (var attempt = _request.Attempt - 1; attempt >= 1; attempt--)
            if (queue.Find(KeyOf(attempt)) is { } entry) return entry.HandedBack is null ? null : entry;
        return null;
    }

    private string KeyOf(int attempt) => $"{_request.RunId}/{_request.TaskId}/{attempt}";

    private string Message(string answer)
    {
        var title = _request.Chat?.Title ?? _request.TaskId;
        var text = $"{title.ReplaceLineEndings(" ")}\n\n{(answer.Length <= MaxMessage ? answer : answer[..MaxMessage] + "…")}\n\nSkep-Attempt: {_request.IdempotencyKey}";
        return _masker.MaskText(text);
    }

    /// <summary>Where a folder lies in the repository, relative to its root; empty for the root, and for what lies outside.</summary>
    private static string Below(GitRepository git, string folder)
    {
        var relative = Path.GetRelativePath(git.Root, UnixSystem.RealPath(folder) ?? folder);
        return relative == "." || relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? "" : relative;
    }

    private static async Task<string?> CurrentAsync(GitRepository git, CancellationToken cancel)
    {
        try
        {
            return await git.CurrentBranchAsync(cancel);
        }
        catch (GitException)
        {
            return null;
        }
    }
}
