using System.Globalization;
using System.Text;

namespace Skep.Client.Terminal;

/// <summary>Text of others (plans, logs, errors) made fit for one line of a terminal: nothing in it is obeyed, and its width is known.</summary>
internal static class PlainLine
{
    /// <summary>Replaces line breaks and tabs by blanks and drops what terminals obey or what reorders text.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' or 0x85 or 0x2028 or 0x2029) clean.Append(' ');
            else if (!IsHarmful(rune)) clean.Append(rune.ToString());
        }

        return clean.ToString().TrimEnd();
    }

    /// <summary>Width in terminal cells.</summary>
    public static int Cells(string text)
    {
        var width = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            width += IsWide(elements.GetTextElement()) ? 2 : 1;
        return width;
    }

    /// <summary>Shortens a text to so many cells, with an ellipsis where it was cut.</summary>
    public static string Fit(string text, int cells)
    {
        if (cells <= 0) return "";
        if (Cells(text) <= cells) return text;
        var kept = new StringBuilder();
        var room = cells - 1;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            room -= IsWide(element) ? 2 : 1;
            if (room < 0) break;
            kept.Append(element);
        }

        return kept.Append('…').ToString();
    }

    /// <summary>Shortens or pads a text to exactly so many cells.</summary>
    public static string Pad(string text, int cells)
    {
        var fitted = Fit(text, cells);
        return fitted + new string(' ', Math.Max(0, cells - Cells(fitted)));
    }

    private static bool IsHarmful(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C or 0xFEFF;

    private static bool IsWide(string element) =>
        Rune.DecodeFromUtf16(element, out var rune, out _) == System.Buffers.OperationStatus.Done && rune.Value is
            >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F000 and <= 0x1FAFF
            or >= 0x20000 and <= 0x3FFFD or 0x2705 or 0x274C or 0x2728;
}
