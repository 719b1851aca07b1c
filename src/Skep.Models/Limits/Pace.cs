namespace Skep.Models.Limits;

/// <summary>
/// The rate that a provider's refusals taught us, in requests a minute, spread evenly. There is none until the first refusal.
/// <list type="bullet">
/// <item>A refusal halves the rate: what was let in during the minute before it, or the pace that was kept. Half, because a bucket or a
/// provider that counts by its clock's minutes may let in two minutes' worth within one; half of that is what it can sustain, so the next request is not refused again. With
/// hardly any requests of ours in that minute it was not our rate that was too high, and no pace is learned: the hold is enough.</item>
/// <item>Each call that is let in raises it a little: a tenth of the known rate for each minute of calls.</item>
/// <item>Nine tenths of the rate that was refused is a ceiling. Held for <see cref="FirstPatience"/> without a refusal it counts as proven, and the rate goes on rising; if that
/// is refused it falls back to the proven rate, not to half, and waits twice as long before it tries again.</item>
/// <item>At the configured limit the pace ends.</item>
/// </list>
/// </summary>
internal sealed class Pace
{
    /// <summary>It is never slower than one request a minute: after a hold, one is tried anyway.</summary>
    internal const double Slowest = 1;

    /// <summary>Requests in the minute before a refusal that show that it was about our rate, not about somebody else's use.</summary>
    internal const int Evidence = 4;

    /// <summary>Requests that must have been let in for a ceiling to be drawn: with fewer, others may have used up what there was.</summary>
    internal const int CeilingEvidence = 2;

    /// <summary>How long a ceiling is kept at first.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromMinutes(10);

    /// <summary>Longest that a ceiling is kept.</summary>
    internal static readonly TimeSpan LongestPatience = TimeSpan.FromHours(2);

    private TimeSpan _patience = FirstPatience;
    private TimeSpan _exploreAt;
    private double? _ceiling;
    private double? _proven;
    private int? _letIn;

    /// <summary>Requests a minute; null: as many as the limits allow.</summary>
    public double? Rate { get; private set; }

    /// <summary>Time between two requests.</summary>
    public TimeSpan Spacing => Rate is { } rate ? TimeSpan.FromTicks((long)Math.Ceiling(MinuteWindow.Minute.Ticks / rate)) : TimeSpan.Zero;

    /// <summary>The provider refused.</summary>
    /// <param name="letIn">Requests that it let in during the minute before.</param>
    /// <param name="now">The time.</param>
    public void Refused(int letIn, TimeSpan now)
    {
        if (Rate is not { } rate)
        {
            if (letIn + 1 < Evidence) return;
            Cut(letIn, letIn >= CeilingEvidence, now);
            _letIn = letIn;
        }
        else if (_proven is { } proven && rate > proven) FallBack(proven, now);
        else Cut(rate, evidence: true, now);
    }

    /// <summary>One of those that seemed to be let in before the latest refusal was refused, too.</summary>
    public void AlsoRefused(TimeSpan now)
    {
        if (_letIn is not > 0) return;
        var letIn = _letIn.Value - 1;
        Cut(letIn, letIn >= CeilingEvidence, now);
        _letIn = letIn;
    }

    /// <summary>A call was let in.</summary>
    /// <param name="limit">The known limit, if there is one.</param>
    /// <param name="now">The time.</param>
    public void LetIn(int? limit, TimeSpan now)
    {
        _letIn = null;
        if (Rate is not { } rate) return;
        if (_ceiling is not null && now >= _exploreAt) Prove();
        var step = Math.Max(1, (limit ?? _ceiling ?? _proven ?? rate) / 10);
        rate += step / Math.Max(rate, 1);
        if (rate >= Math.Min(limit ?? int.MaxValue, GateLimits.MostRequestsPerMinute)) End();
        else Rate = Math.Min(rate, _ceiling ?? rate);
    }

    private void Cut(double from, bool evidence, TimeSpan now)
    {
        Rate = Math.Max(Slowest, from / 2);
        _ceiling = evidence ? Math.Max(Slowest, from * 0.9) : null;
        _proven = null;
        _letIn = null;
        _patience = FirstPatience;
        _exploreAt = now + _patience;
    }

    private void FallBack(double proven, TimeSpan now)
    {
        Rate = _ceiling = proven;
        _patience = TimeSpan.FromTicks(Math.Min(_patience.Ticks * 2, LongestPatience.Ticks));
        _exploreAt = now + _patience;
    }

    private void Prove()
    {
        _proven = Rate;
        _ceiling = null;
    }

    private void End()
    {
        Rate = _ceiling = _proven = null;
        _patience = FirstPatience;
    }
}
