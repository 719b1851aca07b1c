namespace Skep.Memory.Caching;

/// <summary>What may be done with a cached value now.</summary>
internal enum Freshness
{
    /// <summary>Serve it.</summary>
    Fresh,

    /// <summary>Serve it, and read it anew in the background.</summary>
    Stale,

    /// <summary>Read it anew first.</summary>
    Unusable,
}

/// <summary>The times of <see cref="CacheOptions"/> in milliseconds, and what they mean for a value.</summary>
internal sealed class FreshnessRule(CacheOptions options)
{
    private readonly long _freshFor = (long)options.FreshFor.TotalMilliseconds;
    private readonly long _staleFor = (long)options.StaleFor.TotalMilliseconds;
    private readonly long _negativeFor = (long)options.NegativeFor.TotalMilliseconds;
    private readonly long _untrustedFor = (long)options.UntrustedFor.TotalMilliseconds;
    private readonly long _skew = (long)options.ClockSkew.TotalMilliseconds;

    /// <summary>Judges a value.</summary>
    /// <param name="asOf">When it was the latest, Unix milliseconds.</param>
    /// <param name="absent">Whether it says that there is none.</param>
    /// <param name="expires">When it ceases to exist.</param>
    /// <param name="now">The time.</param>
    /// <param name="trustedSince">Since when every invalidation has arrived; <see cref="long.MaxValue"/> while they do not.</param>
    internal Freshness Judge(long asOf, bool absent, long? expires, long now, long trustedSince)
    {
        var age = now - asOf;
        if (expires <= now || age < -_skew) return Freshness.Unusable; // The clock was set back: nobody knows how old it is.
        if (asOf < trustedSince) return age <= (absent ? Math.Min(_negativeFor, _untrustedFor) : _untrustedFor) ? Freshness.Fresh : Freshness.Unusable;
        if (age <= (absent ? _negativeFor : _freshFor)) return Freshness.Fresh;
        return !absent && age <= _freshFor + _staleFor ? Freshness.Stale : Freshness.Unusable;
    }
}
