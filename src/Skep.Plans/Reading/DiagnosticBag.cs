using System.Text;

namespace Skep.Plans.Reading;

/// <summary>Collects findings up to a bound, so that a file full of errors costs no more than a file with some.</summary>
internal sealed class DiagnosticBag(int max)
{
    private const int MaxOffender = 80;
    private const int MaxMessage = 1_000;
    private readonly List<Diagnostic> _errors = [];
    private readonly List<Diagnostic> _warnings = [];
    private readonly HashSet<(SourceSpan, string)> _seen = [];
    private long _errorCount;
    private long _warningCount;

    /// <summary>Whether anything makes the plan unusable.</summary>
    public bool HasErrors => _errorCount > 0;

    /// <summary>Whether further errors would only be counted. Searches may stop then.</summary>
    public bool IsFull => _errorCount > max;

    /// <summary>Adds an error. The same code at the same place counts once, because an alias shows its errors at every use.</summary>
    public void Error(string code, SourceSpan at, string message, string? offender = null)
    {
        if (_errors.Count < max && !_seen.Add((at, code + message))) return;
        if (++_errorCount <= max) _errors.Add(new Diagnostic(Severity.Error, code, OneLine(message, MaxMessage)!, at, OneLine(offender)));
    }

    /// <summary>Adds a warning.</summary>
    public void Warning(string code, SourceSpan at, string message, string? offender = null)
    {
        if (_warnings.Count < max && !_seen.Add((at, code + message))) return;
        if (++_warningCount <= max) _warnings.Add(new Diagnostic(Severity.Warning, code, OneLine(message, MaxMessage)!, at, OneLine(offender)));
    }

    /// <summary>Adds a finding about another file.</summary>
    public void Add(Diagnostic finding)
    {
        if (finding.Severity == Severity.Error && ++_errorCount <= max) _errors.Add(finding);
        else if (finding.Severity == Severity.Warning && ++_warningCount <= max) _warnings.Add(finding);
    }

    /// <summary>All findings in file order, the plan's own first; errors have precedence where there are too many.</summary>
    public IReadOnlyList<Diagnostic> ToList()
    {
        var room = Math.Max(0, max - _errors.Count);
        var all = _errors.Concat(_warnings.Take(room)).OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.At.Line).ThenBy(d => d.At.Column).ThenBy(d => d.Severity == Severity.Warning).ToList();
        var left = _errorCount + _warningCount - all.Count;
        if (left <= 0) return all;
        var severity = _errorCount > _errors.Count ? Severity.Error : Severity.Warning;
        all.Add(new Diagnostic(severity, DiagnosticCodes.TooManyFindings, $"and {left:N0} more findings; fix those above first", default));
        return all;
    }

    /// <summary>Shortens a text to what fits on one line.</summary>
    public static string? OneLine(string? text, int max = MaxOffender)
    {
        if (text is null || (text.Length <= max && !text.Any(char.IsControl))) return text;
        var line = new StringBuilder();
        foreach (var c in text)
        {
            if (line.Length >= max)
            {
                // Half a surrogate pair would be no text any more.
                if (char.IsHighSurrogate(line[^1])) line.Length--;
                return line.Append("...").ToString();
            }

            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
