using System.Globalization;

namespace Skep.Plans.Reading.Text;

/// <summary>Sizes in bytes: <c>4GiB</c>, <c>512MiB</c>, <c>1.5GB</c>, <c>100KB</c>, or plain bytes.</summary>
internal static class SizeText
{
    /// <summary>The form, as a regular expression for the schema.</summary>
    public const string Pattern = @"^[0-9]+(\.[0-9]+)? ?([KMGTkmgt]i?)?[Bb]?$";

    private const double Largest = 1L << 60;
    private static readonly string[] Names = ["B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"];
    private static readonly double[] Factors = [1, 1e3, 1e6, 1e9, 1e12, 1024, 1024.0 * 1024, 1024.0 * 1024 * 1024, 1024.0 * 1024 * 1024 * 1024];

    /// <summary>Reads a size; otherwise says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes, out string problem)
    {
        (bytes, problem) = (0, "");
        var digits = text.IndexOfAnyExcept(DurationText.NumberCharacters);
        if (!double.TryParse(digits < 0 ? text : text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Fail("a size is a number and a unit, such as 512MiB or 4GiB", out problem);
        var unit = digits < 0 ? "B" : text[digits..].Trim().ToString();
        var index = Array.FindIndex(Names, n => n.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            var hint = Array.Find(Names, n => n.Length == 3 && char.ToUpperInvariant(n[0]) == char.ToUpperInvariant(unit[0]));
            return Fail($"unknown unit '{DiagnosticBag.OneLine(unit)}'; {(hint is null ? "units are B, KB, MB, GB, TB, KiB, MiB, GiB and TiB" : $"write {hint}, or {hint[0]}B for powers of ten")}", out problem);
        }

        var total = Math.Round(number * Factors[index]);
        if (total > Largest) return Fail("this is more than an exbibyte", out problem);
        bytes = (long)total;
        return true;
    }

    private static bool Fail(string message, out string problem)
    {
        problem = message;
        return false;
    }
}
