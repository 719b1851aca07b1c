using System.Globalization;
using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>
/// Labels come from plans that others wrote. Here they become one line of harmless text: no control characters (terminals obey them,
/// XML forbids them), no lone surrogates, no marks that reorder what stands around them.
/// </summary>
internal static class PlainText
{
    /// <summary>Most UTF-16 units kept of any one text.</summary>
    public const int MaxLength = 2_000;

    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength) return clean.Append('…').ToString();
            if (rune.Value is '\n' or '\r' or '\t' or 0x85 or 0x2028 or 0x2029) clean.Append(' ');
            else if (!IsHarmful(rune)) clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>Shortens a text to a width, measured by the caller's ruler, and marks the cut with an ellipsis.</summary>
    public static string Fit(string text, double width, Func<string, double> measure)
    {
        if (measure(text) <= width) return text;
        var room = width - measure("…");
        var kept = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            room -= measure(element);
            if (room < 0) break;
            kept.Append(element);
        }

        return kept.ToString().TrimEnd() + "…";
    }

    private static bool IsHarmful(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || (rune.Value & 0xFFFE) == 0xFFFE
        || rune.Value is >= 0xFDD0 and <= 0xFDEF
        || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C or 0xFEFF;
}
