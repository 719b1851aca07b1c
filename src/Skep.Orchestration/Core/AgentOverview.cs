namespace Skep.Orchestration;

/// <summary>An agent as people see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spec">Its agent spec.</param>
/// <param name="Life">Where it is in its life; all are retired when the run has ended.</param>
/// <param name="Task">Key of the node that it works on, or null.</param>
/// <param name="Since">Since when it is where it is; null for one that the plan gives and that has not begun anything.</param>
/// <param name="Ended">Attempts of it that are over.</param>
/// <param name="Failed">Of these, failed, timed out or lost.</param>
/// <param name="Tokens">Model tokens that its attempts took.</param>
/// <param name="IsExtra">Whether it was spawned by request.</param>
/// <param name="By">Who had it spawned or drained, or null.</param>
/// <param name="Reason">Why it was retired, or null.</param>
/// <param name="Request">Id of the request that spawned it, or null.</param>
public sealed record AgentOverview(string Name, string Spec, AgentLife Life, string? Task, DateTimeOffset? Since, int Ended, int Failed, long Tokens, bool IsExtra, string? By, string? Reason, string? Request)
{
    /// <summary>Why agents are retired that nobody drained.</summary>
    public const string RunEnded = "the run ended";

    /// <summary>All agents of a run, by spec in the order of the plan and number. Agents that an ended run has had no use for are left out.</summary>
    public static IReadOnlyList<AgentOverview> Of(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var sums = Sums(state);
        var ended = state.Status.IsEnded();
        // In the plan's order; what the plan does not name is the implicit spec.
        var specs = state.Plan.Agents.Select(a => a.Id).Concat(state.Roster.Families.Select(f => f.Spec)).Distinct(StringComparer.Ordinal);
        return [.. specs.Select(state.Roster.Of).SelectMany(f => ended ? f.Known.OrderBy(a => a.Number) : state.Roster.All(f)).Select(a => Line(state, a, sums.GetValueOrDefault((a.Spec, a.Name))))];
    }

    /// <summary>The name of a state used in output and files.</summary>
    public static string Word(AgentLife life) => life switch
    {
        AgentLife.Spawned => "spawned",
        AgentLife.Idle => "idle",
        AgentLife.Busy => "busy",
        AgentLife.Draining => "draining",
        _ => "retired",
    };

    private static AgentOverview Line(RunState state, AgentState agent, (int Ended, int Failed, long Tokens) sums)
    {
        var withRun = state.Status.IsEnded() && !agent.IsRetired;
        return new AgentOverview(
            agent.Name,
            agent.Spec,
            withRun ? AgentLife.Retired : agent.Life,
            agent.Work?.Key,
            withRun ? state.EndedAt : agent.Since,
            sums.Ended,
            sums.Failed,
            sums.Tokens,
            agent.IsExtra,
            agent.By,
            withRun ? RunEnded : agent.Reason,
            agent.Request);
    }

    /// <summary>Counted when asked for, and not along the way: a run has thousands of attempts, and this is asked for by people.</summary>
    private static Dictionary<(string Spec, string Name), (int Ended, int Failed, long Tokens)> Sums(RunState state)
    {
        var sums = new Dictionary<(string Spec, string Name), (int Ended, int Failed, long Tokens)>();
        foreach (var attempt in state.Nodes.SelectMany(n => n.Attempts))
        {
            if (attempt.AgentName is not { } name) continue;
            var sum = sums.GetValueOrDefault((attempt.Agent, name));
            var failed = attempt.Result?.Outcome is AttemptOutcome.Failed or AttemptOutcome.TimedOut or AttemptOutcome.Lost;
            sums[(attempt.Agent, name)] = (sum.Ended + (attempt.EndedAt is null ? 0 : 1), sum.Failed + (failed ? 1 : 0), sum.Tokens + attempt.Usage.Tokens);
        }

        return sums;
    }
}
