namespace Skep.Orchestration;

/// <summary>The run beside another run of the same plan with one task at a time.</summary>
/// <param name="Run">Id of the other run.</param>
/// <param name="Time">How long the other took, without downtime.</param>
/// <param name="Faster">The other's time divided by this one's, or null when they cannot be compared.</param>
/// <param name="Caveat">Why they cannot be compared, or what a reader must know of the comparison; null when there is nothing.</param>
internal sealed record ComparisonFacts(string Run, TimeSpan Time, double? Faster, string? Caveat)
{
    public static ComparisonFacts Of(RunState state, RunTimes times, RunState other, DateTimeOffset now)
    {
        var time = RunTimes.Of(other, now).Active;
        var run = other.Info?.Run ?? "?";
        var obstacle = Obstacle(state, other);
        if (obstacle is null && times.Active <= TimeSpan.Zero) obstacle = "this run took no time";
        return obstacle is not null
            ? new ComparisonFacts(run, time, null, obstacle)
            : new ComparisonFacts(run, time, time / times.Active, Caution(state, other));
    }

    private static string? Obstacle(RunState state, RunState other)
    {
        if (state.Info is null || !state.Status.IsEnded()) return "this run has not ended";
        if (other.Info is null || !other.Status.IsEnded()) return "the other run has not ended";
        return state.Info.PlanHash != other.Info.PlanHash ? "the other run's plan is not the same text" : null;
    }

    private static string? Caution(RunState state, RunState other)
    {
        if (other.MaxConcurrency != 1) return $"the other run had {other.MaxConcurrency} tasks at a time, not one";
        if (state.Status != RunStatus.Succeeded || other.Status != RunStatus.Succeeded)
            return $"this run {state.Status.Name()}, the other {other.Status.Name()}: they may not have done the same work";
        return null;
    }
}
