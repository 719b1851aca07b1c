using Skep.Plans;

namespace Skep.Orchestration;

internal sealed partial class Decider
{
    private void OnMetric(ReportMetric input)
    {
        if (input is { Value: < 0, Name: Usage.TokensMetric or Usage.CostMetric }) Refuse($"metric '{input.Name}' counts what was used: it cannot be negative");
        else if (!double.IsFinite(input.Value)) Refuse($"metric '{input.Name}' is not a finite number");
        else if (state.Info is null || state.Status.IsEnded()) Refuse($"the run is {state.Status.Name()}");
        else if (state.Metrics.Count >= Queen.MaxMetrics && !state.Metrics.ContainsKey(input.Name)) Refuse($"the run has {Queen.MaxMetrics} metrics, which is the most that is kept");
        else Emit(new MetricReported(input.Name, input.Value, input.Task));
    }

    private void OnHumanAnswer(AnswerTask input)
    {
        if (Require(input.Task) is not { } node) return;
        if (node.Current is not { } attempt || Executors.KindOf(state, node) != ExecutorKinds.Human)
        {
            Refuse($"'{node.Key}' does not wait for an answer: it is {node.Status.Name()}");
            return;
        }

        if (attempt.StartedAt is null) Emit(new AttemptStarted(node.Key, attempt.Number, input.By));
        Emit(new HumanAnswered(node.Key, attempt.Number, input.By, input.Approved, input.Text));
        EndAttempt(node, attempt, HumanResult(input));
        Effect(new StopAttempt(node, attempt.Number, StopReason.None));
    }

    private static AttemptResult HumanResult(AnswerTask input) => new()
    {
        Outcome = input.Approved ? AttemptOutcome.Succeeded : AttemptOutcome.Failed,
        Retryable = false,
        Error = input.Approved ? null : $"rejected by {input.By}{(input.Text.Length > 0 ? ": " + input.Text : "")}",
        Outputs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["answer"] = input.Text,
            ["by"] = input.By,
            ["approved"] = input.Approved ? "true" : "false",
        },
    };

    private void OnPauseRun(string by)
    {
        if (state.Status != RunStatus.Running)
        {
            Refuse($"the run is {state.Status.Name()}");
            return;
        }

        Emit(new RunPaused(by));
        Effect(new HoldStarts(true));
    }

    private void OnContinueRun(string by)
    {
        if (state.Status != RunStatus.Paused)
        {
            Refuse($"the run is {state.Status.Name()}, not paused");
            return;
        }

        Emit(new RunContinued(by));
        Effect(new HoldStarts(false));
    }

    private void OnPauseTask(PauseTask input)
    {
        if (Require(input.Task) is not { } node) return;
        if (node.Status.IsSettled() || node.Paused)
        {
            Refuse($"'{node.Key}' is {(node.Paused ? "paused already" : node.Status.Name())}");
            return;
        }

        Suspend(node, new TaskPaused(node.Key, input.By), true);
    }

    private void OnContinueTask(ContinueTask input)
    {
        if (Require(input.Task) is not { } node) return;
        if (!node.Paused)
        {
            Refuse($"'{node.Key}' is {node.Status.Name()}, not paused");
            return;
        }

        Suspend(node, new TaskContinued(node.Key, input.By), false);
    }

    private void Suspend(NodeState node, RunEvent asked, bool suspended)
    {
        var touched = new List<NodeState> { node };
        touched.AddRange((node.Items ?? []).Where(i => i.Paused != suspended));
        Emit(asked);
        foreach (var held in touched)
            if (held.Current is { } attempt) Effect(new SuspendAttempt(held, attempt.Number, suspended));
    }

    private void OnCancelRun(CancelRun input)
    {
        if (state.Status is RunStatus.Running or RunStatus.Paused) StopRun(input.By, StopReason.Cancelled, input.Reason);
        else Refuse($"the run is {state.Status.Name()}");
    }

    private void OnCancelTask(CancelTask input)
    {
        if (Require(input.Task) is not { } node) return;
        if (node.Status.IsSettled()) Refuse($"'{node.Key}' is {node.Status.Name()}");
        else if (node.Items is { } items)
            foreach (var item in items.Where(i => !i.Status.IsSettled()).ToList()) CancelOne(item, input.By);
        else CancelOne(node, input.By);
    }

    private void CancelOne(NodeState node, string by)
    {
        if (node.Current is not null) Stop(node, StopReason.Cancelled);
        else Emit(new TaskSettled(node.Key, TaskStatus.Cancelled, $"cancelled by {by}"));
    }

    private void OnRetry(RetryTasks input)
    {
        var roots = RetryRoots(input.Task);
        if (roots.Count == 0)
        {
            if (_refusal is null) Refuse(input.Task is null ? "nothing in this run has failed" : $"'{input.Task}' has not failed");
            return;
        }

        if (state.Status == RunStatus.Cancelling)
        {
            Refuse("the run is being cancelled; wait for its end");
            return;
        }

        if (RetryClosure.Of(state, roots, out var busy) is { } keys) Emit(new TasksReset(keys, input.By));
        else Refuse($"'{busy!.Key}', which hangs on it, is at work; wait for its end or cancel it first");
    }

    private IReadOnlyList<NodeState> RetryRoots(string? task)
    {
        if (task is null) return [.. state.Nodes.Where(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate && CanRetry(n))];
        return Require(task) is { } node && (CanRetry(node) || node.Status == TaskStatus.Waived) ? [node] : [];
    }

    private static bool CanRetry(NodeState node) =>
        node.Status.IsFailure() || node is { Status: TaskStatus.Skipped, SkipCause: SkipCause.Upstream or SkipCause.Dropped };

    private NodeState? Require(string key)
    {
        var node = state.Find(key);
        if (node?.Node.Kind is NodeKind.Task or NodeKind.Gate) return node;
        Refuse($"run {state.Info?.Run} has no task '{Text.Shorten(key, 100)}'");
        return null;
    }
}
