namespace Skep.Memory.Patterns.Consolidating;

/// <summary>What is merged, and what is forgotten.</summary>
public sealed record ConsolidateOptions
{
    /// <summary>From which likeness of their tasks on episodes with the same kind, actions, circumstances and outcome are merged. Default <see cref="TaskLikeness.NearlySame"/>.</summary>
    public double MinLikeness { get; init; } = TaskLikeness.NearlySame;

    /// <summary>After which time an episode's value is halved. Default 30 days.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Below which value an episode is dropped; 0 for none by value. Default 0.1.</summary>
    public double MinValue { get; init; } = 0.1;

    /// <summary>Most episodes that are kept; beyond it those of the least value are dropped. Evidence of a living skill stays even so. Default 10,000.</summary>
    public int Keep { get; init; } = 10_000;

    /// <summary>Throws when they make no sense.</summary>
    /// <exception cref="MemoryException">They do not.</exception>
    internal void Require()
    {
        if (!(MinLikeness is > 0 and <= 1)) throw Bad($"{MinLikeness} cannot be the likeness from which on episodes are merged: give a number above 0, up to 1");
        if (HalfLife < TimeSpan.FromSeconds(1)) throw Bad($"a half-life of {HalfLife} is not possible: give at least a second");
        if (!(MinValue is >= 0 and <= 100)) throw Bad($"{MinValue} cannot be the least value: give a number from 0 to 100");
        if (Keep is < 0 or > PatternLimits.MaxEpisodes) throw Bad($"{Keep} cannot be the most episodes that are kept: give 0 to {PatternLimits.MaxEpisodes}");
    }

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}
