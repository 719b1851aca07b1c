namespace Skep.Cli.Checking;

/// <summary>How well something is.</summary>
internal enum Health
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Works, but may cause trouble.</summary>
    Warn,

    /// <summary>Does not work.</summary>
    Fail,
}

/// <summary>What one check found.</summary>
/// <param name="Name">Name of the check, one word.</param>
/// <param name="Health">How well it is.</param>
/// <param name="What">What was found.</param>
/// <param name="Fix">What to do; null when nothing is to be done.</param>
internal sealed record Finding(string Name, Health Health, string What, string? Fix = null);
