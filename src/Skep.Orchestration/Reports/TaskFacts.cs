using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>A task, an item of a fan-out, a fan-out as a whole, or a gate.</summary>
internal sealed record TaskFacts
{
    public required string Key { get; init; }

    public required GraphNode Node { get; init; }

    /// <summary>State name, <c>paused</c> included.</summary>
    public required string State { get; init; }

    public required TaskStatus Status { get; init; }

    public required SkipCause SkipCause { get; init; }

    public required IReadOnlyList<AttemptFacts> Attempts { get; init; }

    /// <summary>Items, or null when it is no fan-out or its list is not known.</summary>
    public IReadOnlyList<TaskFacts>? Items { get; init; }

    public required DateTimeOffset? Start { get; init; }

    public required DateTimeOffset? End { get; init; }

    /// <summary>From when its needs were met to its first start, or to now; null when it never was ready.</summary>
    public required TimeSpan? Wait { get; init; }

    /// <summary>Time at work, all attempts together.</summary>
    public required TimeSpan Work { get; init; }

    public required TimeSpan LostWork { get; init; }

    public required long? CpuMs { get; init; }

    public required long? PeakRss { get; init; }

    public required Tier Tier { get; init; }

    public required IReadOnlyDictionary<string, string> Outputs { get; init; }

    /// <summary>Votes on an approval gate.</summary>
    public IReadOnlyList<GateVote> Votes { get; init; } = [];

    /// <summary>Why a failed gate counts as passed, or null.</summary>
    public GateWaiver? Waiver { get; init; }

    /// <summary>Key of the task whose agent proposed it, or null.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>Whether it failed and the plan allows that.</summary>
    public bool MayFail => Status.IsFailure() && Node.Task?.AllowFailure == true;

    /// <summary>Why it is not well, or null.</summary>
    public required string? Error { get; init; }

    public PlanTask? Task => Node.Task;

    public GateSpec? Gate => Node.Gate;

    public string? Title => Node.Task?.Title ?? Node.Gate?.Title;

    /// <summary>Whether it is a fan-out whose list is known.</summary>
    public bool IsFanOut => Items is not null;

    public bool IsItem { get; init; }

    public AttemptFacts? Last => Attempts.Count > 0 ? Attempts[^1] : null;

    public string Agent => Last?.Agent is { Length: > 0 } agent ? agent : Node.Task is { } task ? task.Agent ?? AgentSpec.ImplicitId : "";

    /// <summary>Whether a reader ought to look at it: it failed, or it did not work out at once.</summary>
    public bool IsTrouble => Status.IsFailure() || Waiver is not null || Attempts.Count > 1;

    /// <summary>Attempts that followed one that failed by its own fault.</summary>
    public int Retries => Attempts.Zip(Attempts.Skip(1)).Count(p => p.First.State != AttemptFacts.Lost);

    public int Losses => Attempts.Count(a => a.State == AttemptFacts.Lost);
}

/// <summary>One attempt.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Agent">Instance, or the spec while it has not begun.</param>
/// <param name="Start">When it began, or null.</param>
/// <param name="End">When it was over, or null.</param>
/// <param name="Work">Time at work, without suspensions.</param>
/// <param name="State">How it ended, or what it does.</param>
/// <param name="Result">What came of it.</param>
internal sealed record AttemptFacts(
    int Number, string Agent, DateTimeOffset? Start, DateTimeOffset? End, TimeSpan Work, string State, AttemptResult? Result)
{
    public const string Lost = "lost";

    public static AttemptFacts Of(AttemptState attempt, DateTimeOffset until) => new(
        attempt.Number, attempt.AgentName ?? attempt.Agent, attempt.StartedAt, attempt.EndedAt, NotNegative(attempt.Duration(until)), StateOf(attempt), attempt.Result);

    private static string StateOf(AttemptState attempt) => attempt.Result?.Outcome switch
    {
        AttemptOutcome.Succeeded => "succeeded",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.TimedOut => "timed-out",
        AttemptOutcome.Cancelled => "cancelled",
        AttemptOutcome.Lost => Lost,
        _ => attempt is { SuspendedSince: not null, Waits: false } ? "paused" : attempt.StartedAt is null ? "assigned" : "running",
    };

    private static TimeSpan NotNegative(TimeSpan value) => value < TimeSpan.Zero ? TimeSpan.Zero : value;
}
