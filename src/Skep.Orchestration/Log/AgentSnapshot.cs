namespace Skep.Orchestration;

/// <summary>One agent in a <see cref="RunSnapshot"/>. What it works on follows from the attempts in flight.</summary>
internal sealed record AgentSnapshot
{
    public required string Spec { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset? Since { get; init; }

    public bool? Extra { get; init; }

    public bool? Begun { get; init; }

    public bool? Draining { get; init; }

    public bool? Retired { get; init; }

    public string? By { get; init; }

    public string? Reason { get; init; }

    public string? Request { get; init; }

    public static IReadOnlyList<AgentSnapshot>? OfAll(AgentRoster roster) => roster.Count == 0 ? null : [.. roster.Known.Select(Of)];

    public static void Restore(AgentRoster roster, IReadOnlyList<AgentSnapshot> agents)
    {
        foreach (var s in agents)
        {
            var agent = roster.Join(s.Spec, s.Number, default);
            (agent.Since, agent.IsExtra, agent.HasBegun) = (s.Since, s.Extra ?? false, s.Begun ?? false);
            (agent.IsDraining, agent.IsRetired) = (s.Draining ?? false, s.Retired ?? false);
            (agent.By, agent.Reason, agent.Request) = (s.By, s.Reason, s.Request);
            if (agent.IsExtra) agent.Family.Extra++;
            if (!agent.IsOpen) agent.Family.Closed++;
        }
    }

    private static AgentSnapshot Of(AgentState agent) => new()
    {
        Spec = agent.Spec,
        Number = agent.Number,
        Since = agent.Since,
        Extra = agent.IsExtra ? true : null,
        Begun = agent.HasBegun ? true : null,
        Draining = agent.IsDraining ? true : null,
        Retired = agent.IsRetired ? true : null,
        By = agent.By,
        Reason = agent.Reason,
        Request = agent.Request,
    };
}
