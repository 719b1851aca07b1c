using System.Globalization;
using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading single values. Each method reports what is wrong and then returns null.</summary>
internal sealed partial class Binder
{
    /// <summary>A text as written; numbers and booleans count as the text that they are written with.</summary>
    public string? Text(YamlNode node, string key)
    {
        if (node is YamlScalar { IsNull: false } scalar) return scalar.Value;
        WrongType(node, $"'{key}' must be a text");
        return null;
    }

    /// <summary>An identifier. A wrong one is reported and still returned, so that references to it are not reported as well.</summary>
    public string? Id(YamlNode node, string key)
    {
        var text = Text(node, key);
        if (text is not null && !Identifier.IsValid(text))
        {
            var hint = Identifier.Repair(text) is { } repaired ? $"; '{repaired}' would do" : "";
            Error(DiagnosticCodes.BadId, node.Span, $"'{DiagnosticBag.OneLine(text)}' is no identifier: use letters, digits, '_' and '-', at most 64, beginning with a letter or digit{hint}", text);
        }

        return text;
    }

    /// <summary>True or false.</summary>
    public bool? Bool(YamlNode node, string key)
    {
        if (node is YamlScalar { IsPlain: true } scalar)
        {
            if (scalar.Value is "true" or "True" or "TRUE") return true;
            if (scalar.Value is "false" or "False" or "FALSE") return false;
        }

        WrongType(node, $"'{key}' must be true or false");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public long? Int(YamlNode node, string key, long min, long max)
    {
        if (node is YamlScalar scalar && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if (!scalar.IsPlain) WrongType(node, $"'{key}' must be a number without quotes");
            else if (number < min || number > max) OutOfRange(scalar, $"'{key}' must be from {min} to {max}, not {number}");
            else return number;
            return null;
        }

        WrongType(node, $"'{key}' must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>A whole number that fits 32 bits.</summary>
    public int? Int32(YamlNode node, string key, int min, int max) => (int?)Int(node, key, min, max);

    /// <summary>A number within bounds; a percentage where <paramref name="allowPercent"/> says so.</summary>
    public double? Number(YamlNode node, string key, double min, double max, bool allowPercent = false)
    {
        if (node is YamlScalar { IsPlain: true } scalar)
        {
            var isPercent = allowPercent && scalar.Value.EndsWith('%');
            var text = isPercent ? scalar.Value.AsSpan(0, scalar.Value.Length - 1) : scalar.Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                if (isPercent) number /= 100;
                if (number >= min && number <= max) return number;
                OutOfRange(scalar, FormattableString.Invariant($"'{key}' must be {Range(min, max)}, not {scalar.Value}"));
                return null;
            }
        }

        WrongType(node, $"'{key}' must be a number");
        return null;
    }

    /// <summary>A duration within bounds.</summary>
    public TimeSpan? Duration(YamlNode node, string key, TimeSpan min, TimeSpan max) => Duration(node, key, min, max, WorkCalendar.Clock);

    /// <summary>A duration of work: days and weeks count as the plan's calendar says.</summary>
    public TimeSpan? Estimate(YamlNode node) => Duration(node, "estimate", TimeSpan.FromMilliseconds(1), DurationText.Max, Calendar);

    private TimeSpan? Duration(YamlNode node, string key, TimeSpan min, TimeSpan max, WorkCalendar calendar)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            WrongType(node, $"'{key}' must be a duration such as 30s or 1h30m");
            return null;
        }

        if (!DurationText.TryParse(scalar.Value.Trim(), calendar, out var value, out var problem))
            Error(DiagnosticCodes.BadValue, node.Span, $"'{key}' is no duration: {problem}", scalar.Value);
        else if (value < min || value > max)
            OutOfRange(scalar, $"'{key}' must be from {DurationText.Format(min)} to {DurationText.Format(max)}, not {scalar.Value}");
        else return value;
        return null;
    }

    /// <summary>A duration of at least a millisecond.</summary>
    public TimeSpan? Duration(YamlNode node, string key) => Duration(node, key, TimeSpan.FromMilliseconds(1), DurationText.Max);

    /// <summary>A size in bytes, at least 1.</summary>
    public long? Size(YamlNode node, string key)
    {
        if (node is not YamlScalar { IsNull: false } scalar) WrongType(node, $"'{key}' must be a size such as 512MiB or 4GiB");
        else if (!SizeText.TryParse(scalar.Value.Trim(), out var bytes, out var problem)) Error(DiagnosticCodes.BadValue, node.Span, $"'{key}' is no size: {problem}", scalar.Value);
        else if (bytes < 1) OutOfRange(scalar, $"'{key}' must be at least 1 byte");
        else return bytes;
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? OneOf(YamlNode node, string key, IReadOnlyCollection<string> words)
    {
        if (Text(node, key) is not { } text) return null;
        if (words.Contains(text)) return text;
        var hint = Suggestion.For(text, words) is { } close ? $"did you mean '{close}'?" : $"allowed are {string.Join(", ", words)}";
        Error(DiagnosticCodes.BadValue, node.Span, $"'{DiagnosticBag.OneLine(text)}' is no value of '{key}'; {hint}", text);
        return null;
    }

    /// <summary>One of some words, each of which stands for a value.</summary>
    public T? OneOf<T>(YamlNode node, string key, IReadOnlyDictionary<string, T> words)
        where T : struct => OneOf(node, key, [.. words.Keys]) is { } word ? words[word] : null;

    private static string Range(double min, double max) => double.IsPositiveInfinity(max)
        ? FormattableString.Invariant($"at least {min}")
        : FormattableString.Invariant($"from {min} to {max}");
}
