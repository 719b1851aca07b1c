using YamlDotNet.Core;

namespace Skep.Plans.Reading.Yaml;

/// <summary>Turns the parser's errors into messages that say what to do.</summary>
internal static class SyntaxErrors
{
    private static readonly (string Part, string Message)[] Known =
    [
        ("tab", "YAML forbids tabs in indentation; use spaces"),
        ("did not find expected ',' or ']'", "a list in brackets is not closed; add ',' or ']'"),
        ("did not find expected ',' or '}'", "a mapping in braces is not closed; add ',' or '}', and quote texts that hold '{' or '}'"),
        ("did not find expected '-' indicator", "this line does not fit the list it stands in; indent every '-' of a list alike, and its keys below the first one"),
        ("did not find expected key", "this line does not fit the mapping it stands in; indent its keys alike, and quote texts that hold quotes, ': ' or ' #'"),
        ("could not find expected ':'", "a key without ':'; write 'key: value', and quote texts that span lines"),
        ("found invalid mapping", "a ':' where no key can stand; quote the text if the colon belongs to it, or check the indentation"),
        ("Mapping values are not allowed in this context", "a ':' where no key can stand; quote the text if the colon belongs to it, or check the indentation"),
        ("found unexpected end of stream", "a quoted text is not closed before the file ends"),
        ("found unexpected document indicator", "a quoted text is not closed before '---' or '...'"),
        ("unknown escape character", "an unknown escape in a double-quoted text; write '\\\\' for a backslash, or use single quotes"),
        ("cannot start any token", "this character cannot begin a value; put the text into quotes"),
        ("block sequence entries are not allowed", "a '-' where no list item can stand; put the list on lines of its own below its key"),
        ("Block sequence entries are not allowed", "a '-' where no list item can stand; put the list on lines of its own below its key"),
        ("did not find expected <document start>", "text follows where the plan has ended; indent it to the key that it belongs to, or write 'key: value'"),
        ("undefined tag handle", "tags are not supported; remove it"),
        ("duplicate anchor", "two values have the same anchor; give one another name"),
    ];

    /// <summary>Reports a syntax error at its position.</summary>
    public static void Report(string text, YamlException error, SourceSpan? openBracket, DiagnosticBag bag)
    {
        var at = new SourceSpan(Math.Max(1, (int)error.Start.Line), Math.Max(1, (int)error.Start.Column), 0);
        var isTab = error.Message.Contains("tab", StringComparison.Ordinal);
        if (FindTab(text, at.Line, isTab ? int.MaxValue : at.Line) is { } tab)
        {
            ReportTab(bag, tab.Line, tab.Column);
            return;
        }

        var line = LineOf(text, at.Line).ToString();
        bag.Error(DiagnosticCodes.Syntax, at, Explain(error) + Opened(openBracket), line.Trim());
    }

    /// <summary>Reports that the text is not YAML where the parser gives no reason.</summary>
    public static void ReportUnknown(SourceSpan at, SourceSpan? openBracket, DiagnosticBag bag) =>
        bag.Error(DiagnosticCodes.Syntax, at, "this is not readable as YAML from here on; check quotes, brackets and indentation" + Opened(openBracket));

    private static string Opened(SourceSpan? bracket) => bracket is { } at ? $" (the innermost open bracket or brace is at {at})" : "";

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

    /// <summary>A tab in indentation, from two lines above the failing one (where the parser may have begun to stumble) to the last line that may be to blame.</summary>
    private static (int Line, int Column)? FindTab(string text, int line, int last)
    {
        var number = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            if (++number > last) return null;
            if (number < line - 2) continue;
            var indent = content[..^content.TrimStart().Length];
            if (indent.Length < content.Length && indent.IndexOf('\t') is var tab and >= 0) return (number, tab + 1);
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
