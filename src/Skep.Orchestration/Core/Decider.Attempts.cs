using Skep.Plans;

namespace Skep.Orchestration;

internal sealed partial class Decider
{
    /// <summary>Attempts shorter than this are worth placing ahead of time: the wait for the disk would exceed the work.</summary>
    private const double RunAheadBelowSeconds = 0.05;

    private void OnStarted(WorkerStarted input)
    {
        if (InFlight(input.Task, input.Attempt) is { } node && node.Current!.StartedAt is null)
            Emit(new AttemptStarted(node.Key, input.Attempt, Believed(node.Current, input.AgentName)));
    }

    private void OnHeartbeat(string task, int number)
    {
        if (InFlight(task, number) is { } node)
            RenewLease(node);
    }

    private void OnProgress(WorkerProgress input)
    {
        if (InFlight(input.Task, input.Attempt) is { } node)
            Emit(new ProgressReported(node.Key, input.Attempt, Text.Shorten(input.Line, 400)));
    }

    private void OnWaits(WorkerWaits input)
    {
        if (InFlight(input.Task, input.Attempt) is { Current: { StartedAt: not null } attempt } node && attempt.Waits != input.Waits)
            Emit(new AttemptWaits(node.Key, input.Attempt, input.Waits));
    }

    private NodeState? InFlight(string task, int number) =>
        state.Find(task) is { } node && node.Current?.Number == number ? node : null;

    private void OnAnswered(WorkerAnswered input)
    {
        if (InFlight(input.Task, input.Attempt) is not { } node)
        {
            Ignore(input);
            return;
        }

        // An agent that answers has begun, even if its word of that was lost.
        if (node.Current!.StartedAt is null && input.Began && input.Result.Outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed)
            Emit(new AttemptStarted(node.Key, input.Attempt, node.Current.Agent));
        EndAttempt(node, node.Current, AnswerBounds.Checked(input.Result));
    }

    private void Ignore(WorkerAnswered input)
    {
        var attempt = state.Find(input.Task)?.AttemptList?.Find(a => a.Number == input.Attempt);
        if (attempt is { Ignored: >= Queen.MaxIgnoredPerAttempt }) return;
        var reason = attempt is null ? "no such attempt was made" : "the attempt is settled";
        // What names nothing has nothing to count against; it is shown to those who watch, and not kept.
        if (attempt is not null) Emit(new AnswerIgnored(Text.Shorten(input.Task, 200), input.Attempt, input.Result.Outcome, reason));
    }

    private void EndAttempt(NodeState node, AttemptState attempt, AttemptResult answer)
    {
        var result = WithVotes(node, WithStopReason(attempt, answer));
        var (final, retryAt) = WhatNext(node, attempt, result);
        if (final == TaskStatus.Succeeded && MissingWrite(node, result) is { } key)
        {
            result = result with { Outcome = AttemptOutcome.Failed, Retryable = false, Error = $"declares that it writes '{key}' but gave no output of that name" };
            final = TaskStatus.Failed;
        }

        ReportFigures(node, result);
        Emit(new AttemptEnded(node.Key, attempt.Number, result, final, retryAt));
        RetireIfDrained(Queen.AgentOf(state, attempt));
        if (Queen.IsUnstored(node)) Effect(new StoreMemory(node, attempt.Number));
        if (final is TaskStatus.Failed or TaskStatus.TimedOut && node.Task?.AllowFailure != true) StopIfPlanSaysSo(node);
    }

    private static string? MissingWrite(NodeState node, AttemptResult result) =>
        node.Task?.Writes.FirstOrDefault(key => !result.Outputs.ContainsKey(key));

    /// <summary>An attempt that was stopped and did not succeed in the end gets the reason as its outcome.</summary>
    private static AttemptResult WithStopReason(AttemptState attempt, AttemptResult result)
    {
        if (result.Outcome == AttemptOutcome.Succeeded) return result;
        return attempt.Stop switch
        {
            StopReason.None => result.Outcome is AttemptOutcome.Cancelled or AttemptOutcome.TimedOut
                ? result with { Outcome = AttemptOutcome.Lost, Error = result.Error ?? "its agent stopped it without being asked" }
                : result,
            StopReason.Timeout => result with { Outcome = AttemptOutcome.TimedOut, Error = "its time was up" },
            StopReason.LeaseExpired => result with { Outcome = AttemptOutcome.Lost, Error = "its agent was silent for longer than the lease" },
            StopReason.Budget => result with { Outcome = AttemptOutcome.Cancelled, Error = "the run's budget was used up" },
            StopReason.OtherFailed => result with { Outcome = AttemptOutcome.Cancelled, Error = "another task failed (on_failure: stop)" },
            _ => result with { Outcome = AttemptOutcome.Cancelled, Error = "cancelled" },
        };
    }

    private (TaskStatus? Final, DateTimeOffset? RetryAt) WhatNext(NodeState node, AttemptState attempt, AttemptResult result)
    {
        if (result.Outcome == AttemptOutcome.Succeeded) return (TaskStatus.Succeeded, null);
        if (result.Outcome == AttemptOutcome.Cancelled || state.Status == RunStatus.Cancelling) return (TaskStatus.Cancelled, null);
        if (result.Outcome == AttemptOutcome.Lost)
            return node.Losses + 1 >= Queen.MaxLosses ? (TaskStatus.Failed, null) : (null, now);

        var policy = node.Task?.Retry ?? RetryPolicy.None;
        var failures = node.Failures + 1;
        if (!result.Retryable || failures >= policy.Attempts)
            return (result.Outcome == AttemptOutcome.TimedOut ? TaskStatus.TimedOut : TaskStatus.Failed, null);
        return (null, now + Backoff.Delay(policy, failures, state.Info!.Seed, node.Key, attempt.Number));
    }

    private void StopIfPlanSaysSo(NodeState node)
    {
        if (state.Plan.Swarm.OnFailure != OnFailure.Stop || state.Status is not (RunStatus.Running or RunStatus.Paused)) return;
        StopRun("queen", StopReason.OtherFailed, WhyStopped(node));
    }

    /// <summary>Why a run stops when a node fails and the plan says so; also tells which node it was.</summary>
    public static string WhyStopped(NodeState node) => $"{node.Key} failed and the plan says on_failure: stop";

    private void StopRun(string by, StopReason why, string reason)
    {
        Emit(new RunStopping(by, why, reason));
        foreach (var node in state.Nodes.Where(n => n.Current is { Stop: StopReason.None }).ToList())
            Stop(node, why);
    }

    private void Stop(NodeState node, StopReason why)
    {
        var attempt = node.Current!;
        if (attempt.Stop != StopReason.None) return;
        Emit(new AttemptStopRequested(node.Key, attempt.Number, why));
        Effect(new StopAttempt(node, attempt.Number, why));
    }

    private void FireTimers()
    {
        while (state.Agenda.TryTakeDue(now, out var timer))
        {
            switch (timer.Kind)
            {
                case Agenda.TimerKind.Wall: break; // WatchBudget looks; the timer only makes sure that it does at that moment
                case Agenda.TimerKind.Retry: OnRetryDue(timer.Node!); break;
                case Agenda.TimerKind.Timeout: OnTimeoutDue(timer.Node!, timer.Attempt); break;
                case Agenda.TimerKind.Lease: OnLeaseDue(timer.Node!, timer.Attempt); break;
                case Agenda.TimerKind.StopGrace: OnStopGraceDue(timer.Node!, timer.Attempt); break;
            }
        }
    }

    private void OnRetryDue(NodeState node)
    {
        if (node is { Status: TaskStatus.Ready, RetryAt: { } due } && due <= now) Emit(new BackoffOver(node.Key));
    }

    private void OnTimeoutDue(NodeState node, int number)
    {
        if (node.Current is not { } attempt || attempt.Number != number || attempt.Stop != StopReason.None) return;
        if (Timeouts.Deadline(state, node, attempt) is { } deadline)
        {
            if (deadline <= now) Stop(node, StopReason.Timeout);
            else state.Agenda.Schedule(Agenda.TimerKind.Timeout, node, number, deadline);
        }
    }

    private void OnLeaseDue(NodeState node, int number)
    {
        if (node.Current is not { } attempt || attempt.IsHeld(node) || attempt.Number != number || attempt.Stop != StopReason.None) return;
        if (attempt.LeaseUntil <= now) Stop(node, StopReason.LeaseExpired);
        else state.Agenda.Schedule(Agenda.TimerKind.Lease, node, number, attempt.LeaseUntil);
    }

    private void OnStopGraceDue(NodeState node, int number)
    {
        if (node.Current is not { Stop: not StopReason.None } attempt || attempt.Number != number) return;
        if (attempt.StopAt + Queen.StopGrace > now) return;
        EndAttempt(node, attempt, new AttemptResult { Outcome = AttemptOutcome.Lost, Error = "it did not answer to being stopped" });
        Effect(new AbandonAttempt(node, number));
    }

    /// <summary>Starts what may start, best first. A task starts the moment that its own needs are met: there are no barriers.</summary>
    private void AssignReady()
    {
        if (state.Status != RunStatus.Running || !state.HasWorkers || state.AwaitsPreRun) return;
        var ahead = state.Usage.RecentSeconds < RunAheadBelowSeconds ? 1.0 : 0.0;
        var most = state.MaxConcurrency * (1 + ahead);
        var batch = state.Plan.Swarm.BatchSize * (1 + ahead);
        while (state.AssignedCount + state.RunningCount < most && state.AssignedCount < batch
            && state.Agenda.TryTakeNext(ahead, out var node, out var agent))
        {
            var number = node.AttemptList is { Count: > 0 } list ? list[^1].Number + 1 : 1;
            Emit(new TaskAssigned(node.Key, number, agent));
            Effect(new StartAttempt(node, number));
        }
    }
}
