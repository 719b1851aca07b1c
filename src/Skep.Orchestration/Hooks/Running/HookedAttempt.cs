using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>An executor's call for one attempt, given the name of the agent instance.</summary>
internal delegate Task<AttemptResult> AttemptWork(string agentName, IAttemptContext context, CancellationToken cancel);

/// <summary>
/// One attempt with the hooks around it, in its agent's place: those before, then the work with those during it, then those after. The
/// agent counts as begun when the work does, and its time limit holds for the work alone; every hook has a limit of its own.
/// </summary>
internal sealed class HookedAttempt(LiveAttempt live, HookRunner runner, AttemptWork work)
{
    /// <summary>How long the hooks after an attempt that was stopped may take together: a stop must be answered in good time.</summary>
    public static readonly TimeSpan StoppedHooks = TimeSpan.FromSeconds(10);

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    public async Task<AttemptResult> RunAsync(string agentName, IAttemptContext context, CancellationToken cancel)
    {
        using var registered = live.Begin(agentName, context);
        if (!live.HasBegun && await BeforeAsync(cancel) is { } failure) return failure;
        cancel.ThrowIfCancellationRequested();
        live.Tell(new WorkerStarted(live.Key, live.Number, agentName));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var during = live.HooksOn(HookEvents.DuringTask).Select(h => RepeatAsync(h, over.Token)).ToList();
        var result = await WorkAsync(agentName, cancel);
        var hooks = live.HooksOn(HookEvents.PostTask);
        if (during.Count + hooks.Count == 0) return result;
        // Said before anything else: what hooks take from here on is no time of the work.
        live.Tell(new WorkerFinished(live.Key, live.Number));
        var ended = live.Context.Time.GetTimestamp();
        await over.CancelAsync();
        await Task.WhenAll(during);
        // When the process is to end the attempt is lost in any case; whoever takes the run up again makes another.
        if (!live.IsLeaving) result = await AfterAsync(hooks, result, cancel);
        return result with { HooksAfterMs = (long)live.Context.Time.GetElapsedTime(ended).TotalMilliseconds };
    }

    private async Task<AttemptResult?> BeforeAsync(CancellationToken cancel)
    {
        foreach (var hook in live.HooksOn(HookEvents.PreTask))
        {
            cancel.ThrowIfCancellationRequested();
            var outcome = await RunAsync(hook, Nothing, cancel);
            live.Record(outcome);
            if (outcome.Blocks) return AttemptResult.Failure($"not started: {Words(outcome)}");
        }

        return null;
    }

    private async Task<AttemptResult> WorkAsync(string agentName, CancellationToken cancel)
    {
        using var part = live.Context.Share(quiet: false);
        return await AgentPool.AnswerOfAsync(() => work(agentName, part, cancel), cancel);
    }

    /// <summary>Calls a hook again and again, never twice at a time, until the work is over.</summary>
    private async Task RepeatAsync(HookCommand hook, CancellationToken over)
    {
        var calls = new RepeatedCalls(live.Record);
        while (await WaitAsync(hook.Spec.Every, over))
        {
            // A task that is held makes no progress.
            if (live.Context.IsSuspended) continue;
            var outcome = await RunAsync(hook, Nothing, over);
            if (over.IsCancellationRequested && outcome.ExitCode is null) break;
            calls.Add(outcome);
        }

        calls.Flush();
    }

    private async Task<bool> WaitAsync(TimeSpan time, CancellationToken over)
    {
        await Task.Delay(time, live.Context.Time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !over.IsCancellationRequested;
    }

    private async Task<AttemptResult> AfterAsync(IReadOnlyList<HookCommand> hooks, AttemptResult result, CancellationToken cancel)
    {
        using var limit = cancel.IsCancellationRequested
            ? new CancellationTokenSource(StoppedHooks, live.Context.Time)
            : CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var told = Told(result);
        foreach (var hook in hooks)
        {
            if (limit.IsCancellationRequested)
            {
                if (hook.Spec.Block) result = Unconfirmed(result);
                continue;
            }

            var outcome = await RunAsync(hook, told, limit.Token);
            live.Record(outcome);
            if (outcome.Blocks) result = Blocked(result, outcome);
            else if (hook.Spec.Block && outcome.ExitCode is null) result = Unconfirmed(result);
        }

        return result;
    }

    /// <summary>The first that blocks says why; the others are heard still, for they may have something to put away.</summary>
    private static AttemptResult Blocked(AttemptResult result, HookOutcome outcome) => result.Outcome != AttemptOutcome.Succeeded ? result
        : result with { Outcome = AttemptOutcome.Failed, Error = Words(outcome) };

    /// <summary>Work that a hook was to confirm is not confirmed when the hook was stopped.</summary>
    private static AttemptResult Unconfirmed(AttemptResult result) => result.Outcome != AttemptOutcome.Succeeded ? result
        : result with { Outcome = AttemptOutcome.Cancelled, Error = "stopped before the hooks after it had confirmed it" };

    private async Task<HookOutcome> RunAsync(HookCommand hook, IReadOnlyDictionary<string, string> told, CancellationToken cancel)
    {
        using var part = live.Context.Share(quiet: true);
        return await runner.RunAsync(hook, live.Request, told, part, cancel);
    }

    private Dictionary<string, string> Told(AttemptResult result)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal) { ["SKEP_HOOK_OUTCOME"] = OutcomeWord(live.Outcome ?? result.Outcome, live.Stopped) };
        if (result.ExitCode is { } code) told["SKEP_HOOK_EXIT_CODE"] = code.ToString(CultureInfo.InvariantCulture);
        if (result.Error is { } error) told["SKEP_HOOK_ERROR"] = Text.Shorten(error, AnswerBounds.MaxMessage).Replace("\0", "", StringComparison.Ordinal);
        return told;
    }

    private static string OutcomeWord(AttemptOutcome outcome, StopReason why) => outcome switch
    {
        AttemptOutcome.Succeeded => "succeeded",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Cancelled when why == StopReason.Timeout => "timed-out",
        AttemptOutcome.TimedOut => "timed-out",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "lost",
    };

    private static string Words(HookOutcome o) => HookText.Of(new HookRan(null, null, o.Event, o.Command, o.ExitCode, o.Blocks, o.Text, 0, 1));
}
