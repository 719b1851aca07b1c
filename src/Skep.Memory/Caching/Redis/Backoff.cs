namespace Skep.Memory.Caching;

/// <summary>Pauses between attempts: they double up to the longest, and each is shortened by up to a half, differently on each node, so that not all come back at once.</summary>
internal readonly struct Backoff(TimeSpan first, TimeSpan longest, ulong seed)
{
    /// <param name="failures">Attempts in a row that failed, 1 and more.</param>
    internal TimeSpan After(int failures)
    {
        var full = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        var part = (KeyHash.Of($"{seed}:{failures}") >> 11) / (double)(1UL << 53);
        return TimeSpan.FromMilliseconds(full * (1 - (part / 2)));
    }
}
