namespace Skep.Models.Limits;

/// <summary>A limit by the provider's word, and how much of it others (or we, before a restart) have used.</summary>
internal sealed class HintedUse
{
    private long _elsewhere;
    private TimeSpan _until = TimeSpan.MinValue;

    /// <summary>The limit, once the provider told it.</summary>
    public long? Limit { get; private set; }

    /// <summary>Takes in a hint. What the provider counts as used beyond what we know of counts until it is reset.</summary>
    public void Learn(RateHint hint, long ours, TimeSpan now)
    {
        if (hint.Limit is > 0) Limit = hint.Limit;
        if (Limit is not { } limit || hint.Remaining is not { } remaining) return;
        _elsewhere = Math.Max(0, limit - Math.Max(remaining, 0) - ours);
        var reset = hint.Reset is { } told && told < MinuteWindow.Minute ? told : MinuteWindow.Minute;
        _until = now + (reset < TimeSpan.Zero ? TimeSpan.Zero : reset);
    }

    /// <summary>Used by others, as far as it still counts.</summary>
    public long UsedElsewhere(TimeSpan now) => now < _until ? _elsewhere : 0;

    /// <summary>When that ends; null when it does not count.</summary>
    public TimeSpan? Ends(TimeSpan now) => UsedElsewhere(now) > 0 ? _until : null;
}
