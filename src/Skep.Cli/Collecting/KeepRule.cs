namespace Skep.Cli.Collecting;

/// <summary>Which runs are old enough to go.</summary>
/// <param name="Keep">How many of the newest ended runs stay; null: no such limit.</param>
/// <param name="OlderThan">How long ago a run must have ended; null: any time.</param>
/// <param name="IncludeUnfinished">Whether runs that have not ended may go, too.</param>
internal sealed record KeepRule(int? Keep, TimeSpan? OlderThan, bool IncludeUnfinished)
{
    /// <summary>The runs to remove. A run must fail both limits where both are given; a stream whose summary cannot be read stays.</summary>
    public IReadOnlyList<string> Choose(IReadOnlyList<StreamInfo> newestFirst, DateTimeOffset now)
    {
        if (Keep is null && OlderThan is null) return [];
        return [.. newestFirst
            .Select(s => (s.Stream, s.UpdatedUnixMs, Summary: RunSummary.Decode(s.Summary)))
            .Where(r => r.Summary is not null && (IncludeUnfinished || r.Summary.Status.IsEnded()))
            .Skip(Keep ?? 0)
            .Where(r => OlderThan is not { } age || now - (r.Summary!.EndedAt ?? DateTimeOffset.FromUnixTimeMilliseconds(r.UpdatedUnixMs)) > age)
            .Select(r => r.Stream)];
    }
}
