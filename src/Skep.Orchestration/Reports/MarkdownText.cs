using System.Globalization;
using System.Text;

namespace Skep.Orchestration;

/// <summary>Puts foreign text into GitHub-flavoured Markdown such that it stays text.</summary>
internal static class MarkdownText
{
    /// <summary>Running text. Everything that could mean something to Markdown or HTML is escaped.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var leads = i == 0 && c is '#' or '+' or '-' or '=' && (i + 1 == text.Length || text[i + 1] is ' ' or '#' or '-' or '=');
            if (leads || "\\`*_{}[]<>|~&$".Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c);
        }

        return NotAList(escaped.ToString());
    }

    /// <summary>Code within a line or a table; empty for nothing.</summary>
    public static string Code(string text)
    {
        if (text.Length == 0) return "";
        // In the code of a table cell no backslash can stand before a bar.
        if (text.Contains("\\|", StringComparison.Ordinal)) return Escape(text);
        var fence = new string('`', LongestRun(text) + 1);
        var pad = text[0] == '`' || text[^1] == '`' ? " " : "";
        return $"{fence}{pad}{text.Replace("|", "\\|", StringComparison.Ordinal)}{pad}{fence}";
    }

    /// <summary>A block of code, fenced longer than anything within.</summary>
    public static string Block(string text, string language)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        return $"{fence}{language}\n{text.TrimEnd('\n')}\n{fence}\n";
    }

    private static string NotAList(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var begins = digits > 0 && digits < text.Length && text[digits] is '.' or ')' && (digits + 1 == text.Length || text[digits + 1] == ' ');
        return begins
            ? string.Create(CultureInfo.InvariantCulture, $"{text[..digits]}\\{text[digits..]}")
            : text;
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
