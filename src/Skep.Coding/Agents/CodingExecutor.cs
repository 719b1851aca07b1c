using Skep.Agents.Queries;
using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Coding.Agents;

/// <summary>
/// Lets coding CLIs do work (executor <c>coding-cli</c>), each attempt in a worktree and on a branch of its own. An attempt outlives the process: it
/// is taken up in its worktree, with its session, and what has landed is not done twice.
/// </summary>
public sealed class CodingExecutor : IExecutor, IAsyncDisposable
{
    private readonly CodingServices _services;

    internal CodingExecutor(CodingServices services) => _services = services;

    /// <inheritdoc />
    public string Kind => ExecutorKinds.CodingCli;

    /// <inheritdoc />
    public bool SurvivesRestart => true;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (cancel.IsCancellationRequested) return Cancelled("cancelled before it started");
        if (string.IsNullOrWhiteSpace(request.Prompt)) return AttemptResult.Failure($"task '{request.TaskId}' tells its agent nothing: give it a 'prompt'", retryable: false);
        var masker = SecretMasker.None;
        try
        {
            var adapter = AdapterCatalog.Find(request);
            var host = _services.Command.HostEnvironment();
            var full = request with { EnvAllow = [.. request.EnvAllow, .. adapter.Env], Secrets = [.. request.Secrets.Union(adapter.Secrets)] };
            (masker, var problem) = SecretValues.Read(full, host);
            problem ??= LimitWatch.Unenforceable(request.Limits);
            if (problem is not null) return AttemptResult.Failure(problem, retryable: false);
            using var log = new AttemptLog(full, context, masker);
            using var heartbeat = HeartbeatTimer.Start(full, context);
            return await WorkAsync(full, context, adapter, host, masker, log, cancel);
        }
        catch (Exception e) when (e is StorageException or QueryLogException)
        {
            return new AttemptResult { Outcome = AttemptOutcome.Lost, Error = $"what the agent does cannot be recorded: {e.Message}" };
        }
        catch (CodingException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), retryable: false);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.Merges.DisposeAsync();

    /// <summary>The attempt as a query: it can be held and ended, and stays open when the process leaves.</summary>
    private async Task<AttemptResult> WorkAsync(
        AttemptRequest request, IAttemptContext context, CodingAdapter adapter, IReadOnlyDictionary<string, string> host, SecretMasker masker, AttemptLog log, CancellationToken cancel)
    {
        await using var session = new QuerySession(QueryIdentity.Of(request), _services.Queries, _services.Time, _services.Queens);
        var query = new CodingQuery(session, adapter);
        using var listed = _services.Desk.Add(session);
        context.OnSuspend(session.Suspend);
        await query.BeginAsync(request, masker.MaskText);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, query.Ended);
        var attempt = new CodingAttempt(request, context, _services, adapter, query, host, masker, log);
        var result = query.Told ?? await WorkAsync(attempt, log, masker, either.Token);
        return await query.EndAsync(result, context.IsLeaving);
    }

    private static async Task<AttemptResult> WorkAsync(CodingAttempt attempt, AttemptLog log, SecretMasker masker, CancellationToken cancel)
    {
        AttemptResult result;
        try
        {
            result = await attempt.RunAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            result = Cancelled("cancelled");
        }
        catch (CodingException e)
        {
            result = AttemptResult.Failure(e.Message, retryable: false);
        }
        catch (GitException e)
        {
            result = AttemptResult.Failure(e.Message, e.Fault is not (GitFault.NoRepository or GitFault.TooOld or GitFault.NotFound or GitFault.BadName));
        }
        catch (ProcessStartException e)
        {
            result = AttemptResult.Failure(e.Message, e.Retryable);
        }
        catch (Exception e) when (e is StorageException or MergeLogException or QueryLogException)
        {
            result = new AttemptResult { Outcome = AttemptOutcome.Lost, Error = $"what the agent does cannot be recorded: {e.Message}" };
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            result = AttemptResult.Failure(e.Message, e is not OutputFormatException);
        }
        catch (PlatformNotSupportedException e)
        {
            result = AttemptResult.Failure(e.Message, retryable: false);
        }

        if (result.Error is { } error) log.Note(error);
        return Masked(result, masker) with { LogTail = log.Finish(), LogFile = log.RelativePath };
    }

    private static AttemptResult Masked(AttemptResult result, SecretMasker masker) => result with
    {
        Error = masker.MaskOptional(result.Error),
        Evidence = masker.MaskOptional(result.Evidence),
        Outputs = masker.MaskOutputs(result.Outputs),
        Artifacts = masker.MaskArtifacts(result.Artifacts),
    };

    private static AttemptResult Cancelled(string why) => new() { Outcome = AttemptOutcome.Cancelled, Error = why };
}
