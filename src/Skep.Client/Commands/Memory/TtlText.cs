using System.Globalization;

namespace Skep.Client.Commands.Memory;

/// <summary>Times-to-live as people write them: <c>500ms</c>, <c>90s</c>, <c>10m</c>, <c>1.5h</c>, <c>30d</c>, <c>2w</c>.</summary>
internal static class TtlText
{
    private static readonly (string Unit, double Ms)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

    /// <summary>Reads one, in milliseconds.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static long Parse(string text)
    {
        foreach (var (unit, ms) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) continue;
            if (number > 0 && number * ms <= 3_650.0 * 86_400_000) return Math.Max(1, (long)Math.Ceiling(number * ms));
        }

        throw new CliException(ExitCodes.Usage, $"'{text}' is not a time-to-live; write a number and a unit, such as 500ms, 90s, 10m, 1.5h, 30d, 2w, and at most 3650d");
    }
}
