using System.Text;

namespace Skep.Cli.Plans;

/// <summary>Shows a finding with the line that it is about and a caret under the offender.</summary>
internal static class DiagnosticText
{
    /// <summary>Longest piece of a source line that is shown, in cells.</summary>
    public const int MaxLine = 160;

    /// <summary>The finding: one line that editors link, the source line, the caret.</summary>
    public static string Format(Diagnostic finding, string file, string source)
    {
        var text = new StringBuilder(PlainLine.Clean(finding.Format(file))).Append('\n');
        if (!finding.At.IsKnown || LineOf(source, finding.At.Line) is not { } line) return text.ToString();
        var column = Math.Clamp(finding.At.Column - 1, 0, line.Length);
        // A long line is shown from shortly before the offender, so that the caret is always in sight.
        var start = column > MaxLine / 2 ? column - MaxLine / 4 : 0;
        var lead = start > 0 ? "…" : "";
        var number = finding.At.Line.ToString();
        var shown = PlainLine.Fit(lead + OneToOne(line[start..]), MaxLine);
        var indent = lead.Length + PlainLine.Cells(OneToOne(line[start..column]));
        var carets = Math.Max(1, PlainLine.Cells(OneToOne(line[column..Math.Min(line.Length, column + finding.At.Length)])));
        text.Append($"  {number} | {shown}\n");
        text.Append($"  {new string(' ', number.Length)} | {new string(' ', indent)}{new string('^', Math.Min(carets, Math.Max(1, MaxLine - indent)))}\n");
        return text.ToString();
    }

    private static string? LineOf(string source, int number)
    {
        var at = 0;
        for (var line = 1; line < number; line++)
        {
            at = source.IndexOf('\n', at) + 1;
            if (at == 0) return null;
        }

        var end = source.IndexOf('\n', at);
        return source[at..(end < 0 ? source.Length : end)].TrimEnd('\r');
    }

    /// <summary>Every UTF-16 unit keeps its place, so that columns still point at what they meant.</summary>
    private static string OneToOne(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
