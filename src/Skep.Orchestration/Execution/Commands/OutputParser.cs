namespace Skep.Orchestration.Commands;

/// <summary>
/// Reads outputs: <c>key=value</c> lines, and <c>key&lt;&lt;END</c> … <c>END</c> for values of several lines. Blank lines are skipped;
/// of a key that comes twice the last value counts.
/// </summary>
internal static class OutputParser
{
    /// <summary>Most keys.</summary>
    public const int MaxKeys = 1_000;

    /// <summary>Largest value, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 64 * 1024;

    private const int MaxQuoted = 80;

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="OutputFormatException">The message names line and text.</exception>
    public static Dictionary<string, string> Parse(string text)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (string.IsNullOrWhiteSpace(line)) continue;
            var at = i;
            var (key, value) = Entry(lines, line, ref i);
            Validate(key, value, at, line);
            outputs[key] = value;
            if (outputs.Count > MaxKeys) throw Wrong(at, line, $"more than {MaxKeys} keys");
        }

        return outputs;
    }

    /// <summary>What is wrong with an output, or null.</summary>
    public static string? ProblemOf(string key, string value) =>
        !ReportName.IsValid(key) ? $"the key '{Quote(key)}' must have {ReportName.Rule}"
        : value.Contains('\0') ? $"the value of '{key}' contains a NUL character, which no command line or environment can carry: write it to a file and list that in 'produces'"
        : System.Text.Encoding.UTF8.GetByteCount(value) > MaxValueBytes ? $"the value of '{key}' is larger than {MaxValueBytes / 1024} KiB: write it to a file and list that in 'produces'"
        : null;

    private static (string Key, string Value) Entry(string[] lines, string line, ref int index)
    {
        int equals = line.IndexOf('='), heredoc = line.IndexOf("<<", StringComparison.Ordinal);
        if (equals < 0 && heredoc < 0) throw Wrong(index, line, "expected key=value or key<<END");
        if (heredoc < 0 || (equals >= 0 && equals < heredoc)) return (line[..equals], line[(equals + 1)..]);

        var end = line[(heredoc + 2)..].Trim();
        if (end.Length == 0) throw Wrong(index, line, "no word after <<");
        var start = index;
        var value = new List<string>();
        while (++index < lines.Length)
        {
            var next = lines[index].TrimEnd('\r');
            if (next == end) return (line[..heredoc], string.Join('\n', value));
            value.Add(next);
        }

        throw Wrong(start, line, $"the value is not closed by a line '{Quote(end)}'");
    }

    private static void Validate(string key, string value, int index, string line)
    {
        if (ProblemOf(key, value) is { } problem) throw Wrong(index, line, problem);
    }

    private static OutputFormatException Wrong(int index, string line, string problem) =>
        new($"SKEP_OUTPUT line {index + 1} '{Quote(line)}': {problem}");

    private static string Quote(string text) => text.Length <= MaxQuoted ? text : string.Concat(text.AsSpan(0, MaxQuoted), "…");
}
