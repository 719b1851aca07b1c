using System.Globalization;
using System.Text;
using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>
/// Texts in a report come from plans, agents and logs. Here they become harmless: terminal sequences are taken out, as are control characters,
/// marks that reorder what stands around them, and what XML forbids. Numbers and times are formatted the same everywhere.
/// </summary>
internal static class ReportText
{
    /// <summary>One line, shortened.</summary>
    public static string Line(string? text, int most = ReportBounds.Name)
    {
        if (string.IsNullOrEmpty(text)) return "";
        // Bounded before it is cleaned; what is cut here is far beyond what is shown.
        var clean = Clean(text.Length > most * 8 ? text[..(most * 8)] : text, newlines: false);
        return Text.Shorten(string.Join(' ', clean.Split(' ', StringSplitOptions.RemoveEmptyEntries)), most);
    }

    /// <summary>The last lines of a log.</summary>
    public static string Tail(string? log, int most = ReportBounds.Log)
    {
        if (string.IsNullOrEmpty(log) || most <= 0) return "";
        var lines = Clean(log.Replace("\r\n", "\n", StringComparison.Ordinal), newlines: true).Split('\n').Select(Overwritten).ToList();
        var kept = string.Join('\n', lines.SkipWhile(string.IsNullOrWhiteSpace).TakeLast(ReportBounds.LogLines)).TrimEnd();
        if (kept.Length <= most) return kept;
        var from = kept.Length - most;
        var line = kept.IndexOf('\n', from);
        if (line >= 0 && line < kept.Length - 1) return kept[(line + 1)..];
        return kept[(char.IsLowSurrogate(kept[from]) ? from + 1 : from)..];
    }

    /// <summary>A moment, with its zone.</summary>
    public static string Time(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Time since the start of the run.</summary>
    public static string Offset(TimeSpan since) => "+" + DurationText.Format(since);

    /// <summary>A duration, or a dash.</summary>
    public static string Duration(TimeSpan? value) => value is { } v ? DurationText.Format(v) : "–";

    /// <summary>A size in bytes.</summary>
    public static string Bytes(long value)
    {
        string[] units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        if (value < 1024) return string.Create(CultureInfo.InvariantCulture, $"{value} B");
        var (size, unit) = (value / 1024.0, 0);
        for (; size >= 1023.95 && unit < units.Length - 1; unit++) size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {units[unit]}");
    }

    /// <summary>A whole number with thousands apart.</summary>
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1 task</c>, <c>2 tasks</c>.</summary>
    public static string Count(int value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>A factor: <c>3.4×</c>.</summary>
    public static string Factor(double value) => value.ToString(value < 9.95 ? "0.0#" : "N0", CultureInfo.InvariantCulture) + "×";

    /// <summary>A share of a whole.</summary>
    public static string Percent(double share) => share is > 0 and < 0.01
        ? "<1%"
        : (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A measured number, as short as it reads back.</summary>
    public static string Number(double value) => Math.Abs(value) is >= 1e15 or (> 0 and < 1e-4)
        ? value.ToString("G6", CultureInfo.InvariantCulture)
        : value.ToString("#,##0.######", CultureInfo.InvariantCulture);

    /// <summary>A word with a capital letter.</summary>
    public static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>What a terminal shows of a line that was written over: what came last.</summary>
    private static string Overwritten(string line)
    {
        var end = line.TrimEnd('\r');
        return end[(end.LastIndexOf('\r') + 1)..];
    }

    private static string Clean(string text, bool newlines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in TerminalText.Strip(text).EnumerateRunes())
        {
            if (newlines && rune.Value is '\n' or '\r' or '\t') clean.Append((char)rune.Value);
            else if (rune.Value is '\n' or '\r' or '\t' or 0x85 or 0x2028 or 0x2029) clean.Append(' ');
            else if (!IsHarmful(rune)) clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    private static bool IsHarmful(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || (rune.Value & 0xFFFE) == 0xFFFE
        || rune.Value is >= 0xFDD0 and <= 0xFDEF
        || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C or 0xFEFF;
}
