using System.Globalization;

namespace Skep.Cli.Collecting;

/// <summary>Ages as people write them: <c>30d</c>, <c>12h</c>.</summary>
internal static class AgeText
{
    /// <summary>Reads a number with one of the units s, m, h, d, w; at most a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan age)
    {
        age = default;
        if (text.Length < 2 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, 'w' => 604_800, _ => 0 } * number;
        if (text[^1] is not ('s' or 'm' or 'h' or 'd' or 'w') || seconds > 36_525.0 * 86_400) return false;
        age = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
