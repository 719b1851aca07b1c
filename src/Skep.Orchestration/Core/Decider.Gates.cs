using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Votes and waivers.</summary>
internal sealed partial class Decider
{
    private void OnVote(CastVote input)
    {
        if (RequireGate(input.Gate) is not { } node || !IsSigned(input.By, "a vote") || !IsShort(input.Text, "the text")) return;
        if (node.Gate!.Approval is not { } rule)
        {
            Refuse($"gate '{node.Gate.Id}' is of kind '{node.Gate.Kind}': nobody votes on it; if it fails, 'skep waive' lets it pass");
            return;
        }

        if (node.Current is not { Stop: StopReason.None } attempt)
        {
            Refuse($"gate '{node.Gate.Id}' does not wait for votes: it is {node.Status.Name()}");
            return;
        }

        var vote = input with { By = input.By.Trim() };
        if (Approvals.Problem(rule, node.Votes, vote) is { } problem)
        {
            Refuse(problem);
            return;
        }

        // A gate that was placed ahead of time may be voted on while it waits for its place; it takes none that another may hold whose word of that is on its way.
        if (attempt.StartedAt is null && state.AssignedCount + state.RunningCount <= state.MaxConcurrency) Emit(new AttemptStarted(node.Key, attempt.Number, "gate"));
        Emit(new GateVoted(node.Key, attempt.Number, vote.Role, vote.By, vote.Approved, vote.Text));
        if (Approvals.Verdict(rule, node.Votes) is not { } passed) return;
        EndAttempt(node, attempt, passed ? new AttemptResult { Outcome = AttemptOutcome.Succeeded } : AttemptResult.Failure(Rejected(rule, node.Votes), retryable: false));
        Effect(new StopAttempt(node, attempt.Number, StopReason.None));
    }

    private static string Rejected(ApprovalCheck rule, IReadOnlyList<GateVote> votes) =>
        $"not approved: {votes.Count(v => !v.Approved)} of {rule.Roles.Count} roles rejected, so that {rule.AtLeast} approvals are out of reach";

    /// <summary>An approval ends with its votes as evidence, however it ends; nothing but votes makes it pass.</summary>
    private static AttemptResult WithVotes(NodeState node, AttemptResult result)
    {
        if (node.Gate?.Approval is not { } rule) return result;
        var told = result with { Evidence = Text.Shorten(Approvals.Evidence(rule, node.Votes), AnswerBounds.MaxMessage) };
        return told.Outcome == AttemptOutcome.Succeeded && Approvals.Verdict(rule, node.Votes) != true
            ? told with { Outcome = AttemptOutcome.Failed, Retryable = false, Error = "its check said passed without the votes for it" }
            : told;
    }

    /// <summary>The figures that a gate measured are metrics of the run, so that reports show them and other gates may compare them.</summary>
    private void ReportFigures(NodeState node, AttemptResult result)
    {
        if (node.Gate?.Kind is not (GateKinds.Coverage or GateKinds.Benchmark)) return;
        foreach (var (name, text) in result.Outputs)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) continue;
            if (state.Metrics.Count < Queen.MaxMetrics || state.Metrics.ContainsKey(name)) Emit(new MetricReported(name, value, node.Key));
        }
    }

    private void OnWaive(WaiveGate input)
    {
        if (RequireGate(input.Gate) is not { } node || !IsSigned(input.By, "a waiver")) return;
        if (string.IsNullOrWhiteSpace(input.Reason)) Refuse("a waiver needs a reason; say why the gate may be passed over");
        else if (!IsShort(input.Reason, "the reason")) return;
        else if (state.Status == RunStatus.Cancelling) Refuse("the run is being cancelled; wait for its end");
        else if (node.Status is not (TaskStatus.Failed or TaskStatus.TimedOut)) Refuse(WhyNotWaived(node));
        else if (WaiverClosure.Of(state, node, out var busy) is not { } keys) Refuse($"'{busy!.Key}', which hangs on it, is at work; wait for its end or cancel it first");
        else
        {
            Emit(new GateWaived(node.Key, input.By.Trim(), input.Reason.Trim()));
            if (keys.Count > 0) Emit(new TasksReset(keys, input.By.Trim()));
        }
    }

    private static string WhyNotWaived(NodeState node) => $"gate '{node.Gate!.Id}' " + node.Status switch
    {
        TaskStatus.Succeeded => "has passed; there is nothing to waive",
        TaskStatus.Waived => $"is waived already, by {node.Waiver?.By}",
        TaskStatus.Skipped => $"was not checked ({node.Reason}); only a gate that failed can be waived",
        TaskStatus.Cancelled => "was cancelled before it was settled; 'skep retry' checks it again",
        _ => $"has not failed: it is {node.Status.Name()}; only a gate that failed can be waived",
    };

    private bool IsSigned(string by, string what)
    {
        if (string.IsNullOrWhiteSpace(by)) Refuse($"{what} needs the name of a person; give it by --by NAME");
        else if (by.Length > GateBounds.MaxName) Refuse($"the name has {by.Length} characters; at most {GateBounds.MaxName} are kept");
        else return true;
        return false;
    }

    private bool IsShort(string text, string what)
    {
        if (text.Length <= GateBounds.MaxText) return true;
        Refuse($"{what} has {text.Length} characters; at most {GateBounds.MaxText} are kept");
        return false;
    }

    private NodeState? RequireGate(string name)
    {
        var node = state.Find(name.StartsWith("gate/", StringComparison.Ordinal) ? name : "gate/" + name);
        if (node?.Gate is not null) return node;
        var gates = state.Plan.Gates.Take(10).Select(g => g.Id).ToList();
        Refuse($"run {state.Info?.Run} has no gate '{Text.Shorten(name, 100)}'; it has {(gates.Count == 0 ? "none" : string.Join(", ", gates))}");
        return null;
    }
}
