namespace Skep.Memory.Patterns.Causes;

/// <summary>Which edges to compute.</summary>
public sealed record CauseOptions
{
    /// <summary>Name of the effect that is an episode's success.</summary>
    public const string Success = "success";

    /// <summary>Only episodes of this kind; null for each kind by itself.</summary>
    public string? Kind { get; init; }

    /// <summary>Only this cause, such as <c>action:run the tests first</c> or <c>tag:lang:cs</c>; null for all. Who asks about one, tests one.</summary>
    public string? Cause { get; init; }

    /// <summary>Towards which effect. Default success.</summary>
    public string Effect { get; init; } = Success;

    /// <summary>Fewest tries with, and fewest without, the cause. Default 5.</summary>
    public int MinTries { get; init; } = 5;

    /// <summary>The cause as edges name it.</summary>
    /// <exception cref="MemoryException">They make no sense.</exception>
    internal string? Require()
    {
        if (EpisodeCheck.KindFault(Kind) is { } fault) throw Bad(fault);
        if (MinTries is < 1 or > 1_000_000) throw Bad($"{MinTries} cannot be the fewest tries on each side: give 1 to 1000000");
        if (Effect.Length is 0 or > PatternLimits.MaxTag) throw Bad($"an effect has 1 to {PatternLimits.MaxTag} characters: give {Success}, or one that episodes recorded");
        if (Cause is null) return null;
        if (Cause.StartsWith(CausalNotes.Action, StringComparison.Ordinal)) return CausalNotes.Action + ActionText.Normalise(Cause[CausalNotes.Action.Length..]);
        return Cause.StartsWith(CausalNotes.Tag, StringComparison.Ordinal) ? Cause : throw Bad($"'{MemoryPath.Shown(Cause)}' is no cause: write action: and an action, or tag: and a tag");
    }

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}
