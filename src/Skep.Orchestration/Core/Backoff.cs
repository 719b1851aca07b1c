using System.Text;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Waits between attempts: exponential, bounded, with jitter that follows from the run's seed so that a log replays.</summary>
public static class Backoff
{
    /// <summary>The wait after a number of failures (from 1): <c>min(backoff × factor^(failures-1), max) × (1 - jitter × r)</c>, r in [0, 1) drawn from seed, task and attempt.</summary>
    public static TimeSpan Delay(RetryPolicy policy, int failures, ulong seed, string task, int attempt)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var full = policy.Backoff.TotalMilliseconds * Math.Pow(policy.Factor, Math.Max(0, failures - 1));
        var bounded = Math.Min(full, policy.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(0, bounded * (1 - policy.Jitter * Fraction(seed, task, attempt))));
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo) over the inputs, finished by the mixer of SplitMix64 (Steele et al. 2014).</summary>
    private static double Fraction(ulong seed, string task, int attempt)
    {
        var hash = 14695981039346656037UL ^ seed;
        foreach (var b in Encoding.UTF8.GetBytes(task)) hash = (hash ^ b) * 1099511628211UL;
        hash += (ulong)attempt * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        hash ^= hash >> 31;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
