namespace Skep.Vectors.Filtering;

/// <summary>Messages about a filter's text: line, column, the line itself and a mark below what is wrong.</summary>
internal static class FilterError
{
    private const int Window = 76;

    /// <summary>A fault in the text.</summary>
    /// <param name="source">The whole text.</param>
    /// <param name="at">What is wrong in it.</param>
    /// <param name="what">What is wrong and what would be right, without a full stop.</param>
    public static VectorException At(string source, Stretch at, string what)
    {
        var start = source.LastIndexOf('\n', Math.Max(0, Math.Min(at.Start, source.Length) - 1)) + 1;
        if (start > at.Start)
        {
            start = at.Start;
        }

        var end = source.IndexOf('\n', start) is >= 0 and var found ? found : source.Length;
        var lineNumber = 1 + source.AsSpan(0, start).Count('\n');
        var column = at.Start - start + 1;
        var place = source.Contains('\n') ? $"line {lineNumber}, column {column}" : $"column {column}";
        return new VectorException(VectorFault.BadFilter, $"The filter cannot be used: {OneLine(what)}, at {place}.\n{Marked(source[start..end], at.Start - start, at.Length)}");
    }

    /// <summary>The line, or what is around the place in a long one, and carets below the place.</summary>
    private static string Marked(string line, int at, int length)
    {
        var from = line.Length <= Window || at < Window / 2 ? 0 : Math.Min(at - (Window / 2), line.Length - (Window / 2));
        var to = Math.Min(line.Length, from + Window);
        var shown = OneLine(line[from..to]);
        var (head, tail) = (from > 0 ? "..." : "", to < line.Length ? "..." : "");
        var carets = Math.Clamp(length, 1, Math.Max(1, to - at));
        return $"  {head}{shown}{tail}\n  {new string(' ', head.Length + at - from)}{new string('^', carets)}";
    }

    /// <summary>What the text holds of line ends and other controls would break the mark's place, and terminals.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
