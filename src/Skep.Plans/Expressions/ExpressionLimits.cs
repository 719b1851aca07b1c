namespace Skep.Plans;

/// <summary>Bounds of the expression language. They keep parsing and evaluation cheap whatever stands in a plan.</summary>
public static class ExpressionLimits
{
    /// <summary>Deepest nesting of parentheses, calls, indexes and prefix operators.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most operators, operands and calls in one expression.</summary>
    public const int MaxNodes = 1_000;

    /// <summary>Longest expression, in UTF-16 units.</summary>
    public const int MaxChars = 16 * 1024;

    /// <summary>Longest text that an expression or a template may yield, in UTF-16 units: 16 Mi.</summary>
    public const int MaxTextChars = 16 * 1024 * 1024;

    /// <summary>Most items that <c>split</c>, <c>lines</c> or a <c>foreach</c> value may yield.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>Parsed expressions that are kept for reuse.</summary>
    internal const int MaxCached = 4_096;
}
