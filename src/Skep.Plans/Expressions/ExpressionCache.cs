using System.Collections.Concurrent;

namespace Skep.Plans.Expressions;

/// <summary>Keeps parsed expressions, because a fan-out evaluates the same text thousands of times. Bounded: it starts afresh when it is full.</summary>
internal static class ExpressionCache
{
    private static readonly ConcurrentDictionary<string, ExpressionNode> Parsed = new(StringComparer.Ordinal);
    private static int _count;

    /// <summary>Parses a text, or returns what an earlier call made of it.</summary>
    /// <exception cref="ExpressionException">The syntax is wrong.</exception>
    public static ExpressionNode Parse(string text)
    {
        if (Parsed.TryGetValue(text, out var known)) return known;
        var node = ExpressionParser.Parse(text);
        if (Interlocked.Increment(ref _count) > ExpressionLimits.MaxCached)
        {
            Parsed.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        Parsed[text] = node;
        return node;
    }
}
