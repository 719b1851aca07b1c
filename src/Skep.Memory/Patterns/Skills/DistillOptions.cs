namespace Skep.Memory.Patterns.Skills;

/// <summary>From when on a repeated success is a skill.</summary>
public sealed record DistillOptions
{
    /// <summary>Fewest successes. Default 3.</summary>
    public int MinSuccesses { get; init; } = 3;

    /// <summary>
    /// Least lower end of Wilson's interval of the share of successes. Default 0.4: three of three pass (0.44), four of five do not (0.38), seven of nine do (0.45).
    /// </summary>
    public double MinLow { get; init; } = 0.4;

    /// <summary>From which likeness on tasks without a kind are similar. Default <see cref="TaskLikeness.Similar"/>.</summary>
    public double MinLikeness { get; init; } = TaskLikeness.Similar;

    /// <summary>Throws when they make no sense.</summary>
    /// <exception cref="MemoryException">They do not.</exception>
    internal void Require()
    {
        if (MinSuccesses is < 1 or > 1_000_000) throw Bad($"{MinSuccesses} cannot be the fewest successes of a skill: give 1 to 1000000");
        if (!(MinLow is >= 0 and < 1)) throw Bad($"{MinLow} cannot be the least lower end of a skill's share of successes: give a number from 0 to below 1");
        if (!(MinLikeness is > 0 and <= 1)) throw Bad($"{MinLikeness} cannot be the likeness from which on tasks are similar: give a number above 0, up to 1");
    }

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}
