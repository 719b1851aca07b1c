namespace Skep.Orchestration;

/// <summary>The part of a snapshot that belongs to the run as a whole.</summary>
internal sealed record RunSnapshot
{
    public required RunStarted Info { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required TimeSpan Downtime { get; init; }

    public string? Reason { get; init; }

    public bool? Degraded { get; init; }

    public required StopReason Stopping { get; init; }

    public required int Recoveries { get; init; }

    public required IReadOnlyList<TierDropped> Dropped { get; init; }

    public required IReadOnlyDictionary<string, Metric> Metrics { get; init; }

    public required IReadOnlyDictionary<string, string> Memory { get; init; }

    public bool? Admitted { get; init; }

    public IReadOnlyList<TasksAdmitted>? Proposals { get; init; }

    public HookSums? RunHooks { get; init; }

    public IReadOnlyList<HookTotal>? Hooks { get; init; }

    public required double Tokens { get; init; }

    public required double CostUsd { get; init; }

    public required int Ended { get; init; }

    public required double WorkedSeconds { get; init; }

    public double? RecentSeconds { get; init; }

    public IReadOnlyList<AgentSnapshot>? Agents { get; init; }
}

/// <summary>The part of a snapshot that belongs to one node. Written again only when the node has changed.</summary>
internal sealed record NodeSnapshot
{
    public required string Key { get; init; }

    public required TaskStatus Status { get; init; }

    public required bool Paused { get; init; }

    public required SkipCause SkipCause { get; init; }

    public string? Reason { get; init; }

    public required int Failures { get; init; }

    public required int Losses { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public IReadOnlyList<string>? Items { get; init; }

    public IReadOnlyList<AttemptSnapshot>? Attempts { get; init; }

    public IReadOnlyList<GateVote>? Votes { get; init; }

    public GateWaiver? Waiver { get; init; }
}

/// <summary>One attempt in a <see cref="NodeSnapshot"/>.</summary>
internal sealed record AttemptSnapshot
{
    public required int Number { get; init; }

    public required string Agent { get; init; }

    public string? AgentName { get; init; }

    public required DateTimeOffset AssignedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public AttemptResult? Result { get; init; }

    public required StopReason Stop { get; init; }

    public DateTimeOffset? StopAt { get; init; }

    public DateTimeOffset? SuspendedSince { get; init; }

    public required TimeSpan Suspended { get; init; }

    public bool? Waits { get; init; }

    public HookSums? Hooks { get; init; }

    public bool? Stored { get; init; }

    public AttemptUsage? Usage { get; init; }
}
