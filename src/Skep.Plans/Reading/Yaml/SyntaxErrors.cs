using YamlDotNet.Core;

namespace Skep.Plans.Reading.Yaml;

/// <summary>Turns the parser's errors into messages that say what to do.</summary>
internal static class SyntaxErrors
{
    private static readonly (string Part, string Message)[] Known =
    [
        ("tab character", "YAML forbids tabs in indentation; use spaces"),
        ("found duplicate key", "a key stands here a second time"),
        ("did not find expected ',' or ']'", "a list in brackets is not closed; add ',' or ']'"),
        ("did not find expected ',' or '}'", "a mapping in braces is not closed; add ',' or '}', and quote texts that hold '{' or '}'"),
        ("did not find expected '-' indicator", "this line does not fit the list it stands in; indent every '-' of a list alike, and its keys below the first one"),
        ("did not find expected key", "this line does not fit the mapping it stands in; indent its keys alike, and quote texts that hold quotes, ': ' or ' #'"),
        ("could not find expected ':'", "a key without ':'; write 'key: value', and quote texts that span lines"),
        ("mapping values are not allowed in this context", "a ':' where no key can stand; quote the text if the colon belongs to it, or check the indentation"),
        ("Mapping values are not allowed in this context", "a ':' where no key can stand; quote the text if the colon belongs to it, or check the indentation"),
        ("found unexpected end of stream", "a quoted text is not closed before the file ends"),
        ("found unexpected document indicator", "a quoted text is not closed before '---' or '...'"),
        ("unknown escape character", "an unknown escape in a double-quoted text; write '\\\\' for a backslash, or use single quotes"),
        ("cannot start any token", "this character cannot begin a value; put the text into quotes"),
        ("Tab", "YAML forbids tabs in indentation; use spaces"),
        ("block sequence entries are not allowed", "a '-' where no list item can stand; put the list on lines of its own below its key"),
        ("Block sequence entries are not allowed", "a '-' where no list item can stand; put the list on lines of its own below its key"),
        ("undefined tag handle", "tags are not supported; remove it"),
        ("duplicate anchor", "two values have the same anchor; give one another name"),
    ];

    /// <summary>Reports a syntax error at its position.</summary>
    public static void Report(string text, YamlException error, DiagnosticBag bag)
    {
        var at = new SourceSpan(Math.Max(1, (int)error.Start.Line), Math.Max(1, (int)error.Start.Column), 0);
        if (FindTab(text, at.Line) is { } tab)
        {
            ReportTab(bag, tab.Line, tab.Column);
            return;
        }

        var line = LineOf(text, at.Line).ToString();
        bag.Error(DiagnosticCodes.Syntax, at, Explain(error), line.Trim());
    }

    /// <summary>Reports a tab in indentation; always false, so that it can stand in a condition.</summary>
    public static bool ReportTab(DiagnosticBag bag, int line, int column)
    {
        bag.Error(DiagnosticCodes.Tab, new SourceSpan(line, column, 1), $"YAML forbids tabs in indentation, and there is one at {line}:{column}; use spaces");
        return false;
    }

    /// <summary>Line and column of an index.</summary>
    public static SourceSpan PositionOf(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return new SourceSpan(before.Count('\n') + 1, index - before.LastIndexOf('\n'), 1);
    }

    private static string Explain(YamlException error)
    {
        foreach (var (part, message) in Known)
            if (error.Message.Contains(part, StringComparison.Ordinal)) return message;
        return $"this is not valid YAML: {Plain(error.Message)}";
    }

    /// <summary>The parser's message without its own position and with a lower-case beginning.</summary>
    private static string Plain(string message)
    {
        var start = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) + 3 : 0;
        var text = message[(start > 2 ? start : 0)..].TrimEnd('.');
        return text.Length == 0 ? "unknown error" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    /// <summary>A tab in the indentation of the failing line or of one of the two above it, where the parser may have begun to stumble.</summary>
    private static (int Line, int Column)? FindTab(string text, int line)
    {
        for (var l = Math.Max(1, line - 2); l <= line; l++)
        {
            var content = LineOf(text, l);
            var indent = content[..^content.TrimStart().Length];
            if (indent.Length < content.Length && indent.IndexOf('\t') is var tab and >= 0) return (l, tab + 1);
        }

        return null;
    }

    private static ReadOnlySpan<char> LineOf(string text, int line)
    {
        var rest = text.AsSpan();
        for (var l = 1; l < line; l++)
        {
            var end = rest.IndexOf('\n');
            if (end < 0) return default;
            rest = rest[(end + 1)..];
        }

        var length = rest.IndexOf('\n');
        return (length < 0 ? rest : rest[..length]).TrimEnd('\r');
    }
}
