namespace Skep.Models.Limits;

/// <summary>How long to wait after refusals that do not say how long: doubling, with jitter from a seed.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, int seed)
{
    private readonly Random _jitter = new(seed);

    /// <summary>Refusals in a row.</summary>
    public int Refusals { get; private set; }

    /// <summary>One more.</summary>
    public void Longer() => Refusals++;

    /// <summary>Something was let in.</summary>
    public void Reset() => Refusals = 0;

    /// <summary>Between the doubled wait and half as much again, at most the longest.</summary>
    public TimeSpan Wait()
    {
        var doubled = first.TotalSeconds * Math.Pow(2, Math.Min(Refusals - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled * (1 + _jitter.NextDouble() / 2), longest.TotalSeconds));
    }
}
