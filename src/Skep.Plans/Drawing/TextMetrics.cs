using System.Globalization;
using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>Widths of text: in pixels by rule of thumb for sans-serif fonts (rather too wide than too narrow), and in terminal cells.</summary>
internal static class TextMetrics
{
    /// <summary>Width in pixels.</summary>
    public static double Pixels(string text, double fontSize)
    {
        var width = 0.0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            if (Rune.DecodeFromUtf16(elements.GetTextElement(), out var rune, out _) == System.Buffers.OperationStatus.Done)
                width += Em(rune);
        return width * fontSize;
    }

    /// <summary>Shortens a text to a width in pixels.</summary>
    public static string FitPixels(string text, double width, double fontSize) =>
        PlainText.Fit(text, width, t => Pixels(t, fontSize));

    /// <summary>Width in terminal cells.</summary>
    public static int Cells(string text)
    {
        var width = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            if (Rune.DecodeFromUtf16(elements.GetTextElement(), out var rune, out _) == System.Buffers.OperationStatus.Done)
                width += IsWide(rune) ? 2 : IsMark(rune) ? 0 : 1;
        return width;
    }

    /// <summary>Shortens or pads a text to exactly so many terminal cells.</summary>
    public static string Pad(string text, int cells)
    {
        var fitted = PlainText.Fit(text, cells, t => Cells(t));
        return fitted + new string(' ', Math.Max(0, cells - Cells(fitted)));
    }

    private static double Em(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '!' or '|' => 0.32,
        'f' or 't' or 'r' or ' ' or '-' or '(' or ')' or '[' or ']' or '/' or '"' => 0.41,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
        >= 'A' and <= 'Z' => 0.71,
        < 0x2000 => IsMark(rune) ? 0 : 0.61,
        _ => IsWide(rune) ? 1.15 : IsMark(rune) ? 0 : 0.8,
    };

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static bool IsWide(Rune rune) => rune.Value is
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
        or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F000 and <= 0x1FAFF
        or >= 0x20000 and <= 0x3FFFD or 0x2705 or 0x274C or 0x2728;
}
