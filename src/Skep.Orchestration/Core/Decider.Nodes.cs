using Skep.Plans;

namespace Skep.Orchestration;

internal sealed partial class Decider
{
    /// <summary>Most node keys in one event, to keep payloads bounded.</summary>
    private const int MaxKeysPerEvent = 1000;

    /// <summary>Failed without an attempt; <c>on_failure: stop</c> is heeded once all nodes are decided on.</summary>
    private NodeState? _failed;

    private void StopAfterFailure()
    {
        if (_failed is { } node) StopIfPlanSaysSo(node);
        _failed = null;
    }

    private void FailWithoutAttempt(NodeState node, string reason)
    {
        Emit(new TaskSettled(node.Key, TaskStatus.Failed, reason));
        if (node.Task?.AllowFailure != true) _failed ??= node;
    }

    private void DecideNodes()
    {
        var skips = new Dictionary<(SkipCause Cause, string Reason), List<string>>();
        while (state.Undecided.Count > 0 || skips.Count > 0)
        {
            while (state.Undecided.TryDequeue(out var node))
            {
                node.Queued = false;
                // Whatever decided it in the meantime has taken the mark away; the fold of a log leaves such entries behind.
                if (node.Undecided) DecideNode(node, skips);
            }

            foreach (var ((cause, reason), keys) in skips)
                foreach (var chunk in keys.Chunk(MaxKeysPerEvent))
                    Emit(new TasksSkipped(chunk, cause, reason));
            skips.Clear();
        }
    }

    private void DecideNode(NodeState node, Dictionary<(SkipCause, string), List<string>> skips)
    {
        switch (node.Node.Kind)
        {
            case NodeKind.PhaseEnd: EndPhase(node); break;
            case NodeKind.PhaseStart when node.Blocked is null: Emit(new PhaseStarted(node.Node.Id)); break;
            default: DecideTask(node, skips); break;
        }
    }

    private void DecideTask(NodeState node, Dictionary<(SkipCause, string), List<string>> skips)
    {
        void SkipFor(SkipCause cause, string reason)
        {
            if (!skips.TryGetValue((cause, reason), out var keys)) skips[(cause, reason)] = keys = [];
            // A fan-out that was to run again is skipped by way of the items that are left.
            if (node.Items is null) keys.Add(node.Key);
            else keys.AddRange(node.Items.Where(i => i.Status == TaskStatus.Pending).Select(i => i.Key));
        }

        if (PlannedWork.WhyPassedOver(state, node) is { } planned)
        {
            SkipFor(SkipCause.Planned, planned);
            return;
        }

        if (node.Blocked is { } blocked)
        {
            // Waiting for a failure that did not happen is a condition that is false, not a failure.
            var cause = blocked.On == NeedOn.Failure ? SkipCause.Condition : SkipCause.Upstream;
            SkipFor(cause, $"needs {blocked.Key}, which {Verb(blocked.Status)}");
            return;
        }

        try
        {
            if (node.Task!.When is { } when && !ExpressionEvaluator.EvaluateCondition(when, new RunScope(state, node)))
                SkipFor(SkipCause.Condition, $"'when: {when.Text}' is false");
            else if (node.IsFanOut) FanOut(node);
            else Emit(new TaskReady(node.Key));
        }
        catch (ExpressionException e)
        {
            FailWithoutAttempt(node, e.Message);
        }
    }

    private void FanOut(NodeState node)
    {
        var items = node.Task!.ForeachItems
            ?? ExpressionEvaluator.Items(ExpressionEvaluator.Evaluate(node.Task.Foreach!, new RunScope(state, node)));
        var most = state.Plan.Swarm.MaxFanOut;
        if (items.Count > most)
            FailWithoutAttempt(node, $"'foreach' has {items.Count} items; at most {most} are allowed (swarm.max_fan_out)");
        else
            Emit(new TaskFannedOut(node.Key, [.. items.Select(i => i.ToJson())]));
    }

    private void EndPhase(NodeState end)
    {
        var phase = end.Node.Id;
        var start = state.Phase(end.Node.Phase, end: false);
        if (start.Status == TaskStatus.Skipped)
        {
            Emit(new PhaseEnded(phase, TaskStatus.Skipped, start.Reason));
            return;
        }

        var bad = end.Node.Needs.Select(e => state.Of(e)).FirstOrDefault(SpoilsPhase);
        if (bad is null && PlannedWork.WhyPhasePassedOver(state, end) is { } planned) Emit(new PhaseEnded(phase, TaskStatus.Skipped, planned));
        else if (bad is null) Emit(new PhaseEnded(phase, TaskStatus.Succeeded, null));
        else Emit(new PhaseEnded(phase, bad.Status == TaskStatus.Cancelled ? TaskStatus.Cancelled : TaskStatus.Failed, $"{bad.Key} {Verb(bad.Status)}"));
    }

    private static bool SpoilsPhase(NodeState node) => node.Status switch
    {
        TaskStatus.Succeeded or TaskStatus.Waived => false,
        TaskStatus.Skipped => node.SkipCause == SkipCause.Upstream || (node.SkipCause == SkipCause.Dropped && node.EffectiveTier == Tier.Critical),
        _ => node.Task?.AllowFailure != true,
    };

    private static string Verb(TaskStatus status) => status switch
    {
        TaskStatus.Succeeded => "succeeded",
        TaskStatus.Skipped => "was skipped",
        TaskStatus.Cancelled => "was cancelled",
        TaskStatus.TimedOut => "timed out",
        TaskStatus.Waived => "was waived",
        _ => "failed",
    };

    private void EndIfDone()
    {
        if (state.OpenNodes > 0 || state.AssignedCount + state.RunningCount > 0 || AwaitsShell()) return;
        var ends = Enumerable.Range(0, state.Plan.Phases.Count).Select(p => state.Phase(p, end: true)).ToList();
        var failed = ends.Find(e => e.Status == TaskStatus.Failed) ?? ends.Find(e => e.Status is not TaskStatus.Succeeded and not TaskStatus.Skipped);
        var outcome = state.Stopping switch
        {
            StopReason.Cancelled => RunStatus.Cancelled,
            StopReason.None when failed is null => RunStatus.Succeeded,
            _ => RunStatus.Failed,
        };
        var planned = PlannedWork.Of(state);
        var reason = outcome == RunStatus.Succeeded ? planned.Reason
            : state.Stopping != StopReason.None ? state.Reason
            : $"phase {failed!.Node.Id}: {failed.Reason}";
        Emit(new RunEnded(outcome, reason, state.Dropped.Count > 0 || planned.Any));
        Effect(new FinishRun());
    }
}
