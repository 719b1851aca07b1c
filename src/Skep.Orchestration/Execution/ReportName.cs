using System.Globalization;

namespace Skep.Orchestration;

/// <summary>Rules for what scripts report: names of outputs and metrics, and values of metrics.</summary>
public static class ReportName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 128 of the characters A-Z a-z 0-9 _ . / -";

    /// <summary>Whether a text is a name (see <see cref="Rule"/>).</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '/' or '-'))
                return false;
        return true;
    }

    /// <summary>Reads the value of a metric: a finite decimal number with a dot, such as <c>-1.5e3</c>, whatever the machine's language.</summary>
    public static bool TryParseValue(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    /// <summary>Says what is wrong with a metric, or null when it is right.</summary>
    public static string? ProblemOf(string name, string value) =>
        !IsValid(name) ? $"'{name}' is no metric name: use {Rule}"
        : !TryParseValue(value, out _) ? $"'{value}' is no value for the metric '{name}': give a finite number such as 0.95 or 1.5e3"
        : null;
}
