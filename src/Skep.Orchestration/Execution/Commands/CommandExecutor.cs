using Skep.Orchestration.Commands;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Runs programs and shell scripts as child processes (executor <c>command</c>): each in a session of its own, with an environment of its own,
/// within its limits, and with nothing left running afterwards. Linux and macOS.
/// </summary>
/// <param name="artifacts">Keeps the files that tasks produce.</param>
/// <param name="options">Settings; null for the defaults.</param>
public sealed class CommandExecutor(IArtifactStore artifacts, CommandExecutorOptions? options = null) : IExecutor
{
    private readonly CommandExecutorOptions _options = options ?? new CommandExecutorOptions();
    private readonly TreeSampler _sampler = new((options ?? new CommandExecutorOptions()).Time);

    /// <inheritdoc />
    public string Kind => ExecutorKinds.Command;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (cancel.IsCancellationRequested) return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled before it started" };

        var host = _options.HostEnvironment();
        var (masker, problem) = SecretValues.Read(request, host);
        problem ??= LimitWatch.Unenforceable(request.Limits);
        if (problem is not null) return AttemptResult.Failure(problem, retryable: false);
        try
        {
            var attempt = new CommandAttempt(request, context, masker, artifacts, _options, _sampler);
            return await attempt.RunAsync(host, cancel);
        }
        catch (ProcessStartException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), e.Retryable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AttemptResult.Failure(masker.MaskText($"the run's folder '{request.RunDirectory}' cannot be used: {e.Message}"));
        }
        catch (PlatformNotSupportedException e)
        {
            return AttemptResult.Failure(e.Message, retryable: false);
        }
#pragma warning disable CA1031 // Failures are results: no attempt may bring down the queen.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AttemptResult.Failure(masker.MaskText($"the command could not be run: {e.Message}"));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ReclaimAsync(string runId, string runDirectory, CancellationToken cancel) =>
        OrphanReclaimer.ReclaimAsync(runId, runDirectory, _options.KillGrace, TimeProvider.System, cancel);
}
