using System.Text;

namespace Skep.Memory.Importing;

/// <summary>Reads entries that are rows of comma-separated values (RFC 4180): a head with the columns' names, cells in quotes where they hold commas, quotes or line ends.</summary>
internal static class CsvFile
{
    private static readonly string[] Known = ["path", "text", "type", "tags", "agent", "task", "run"];

    internal static IEnumerable<StoreRequest> Read(Stream file, MemoryLimits limits)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 64 * 1024, leaveOpen: true);
        var rows = new CsvRows(reader, limits.MaxValueBytes);
        if (!rows.Next()) throw ImportFaults.At("line 1", "there is no head; name the columns, such as path,text,tags");
        var head = rows.Current.Select(static c => c.Trim().ToLowerInvariant()).ToList();
        foreach (var name in head.Where(static n => !Known.Contains(n))) throw ImportFaults.At("line 1", $"column '{MemoryPath.Shown(name)}' is not known; known are {string.Join(", ", Known)}");
        foreach (var name in new[] { "path", "text" }.Where(n => head.Count(h => h == n) != 1)) throw ImportFaults.At("line 1", $"there must be one column '{name}'");
        while (rows.Next())
        {
            if (rows.Current.Count == 1 && rows.Current[0].Length == 0) continue;
            if (rows.Current.Count != head.Count) throw ImportFaults.At($"line {rows.Line}", $"it has {rows.Current.Count} cells, and the head has {head.Count}");
            yield return Entry(head.Zip(rows.Current).GroupBy(static c => c.First).ToDictionary(static c => c.Key, static c => c.First().Second), $"line {rows.Line}");
        }
    }

    private static StoreRequest Entry(Dictionary<string, string> cells, string place)
    {
        try
        {
            return new StoreRequest(cells["path"], Encoding.UTF8.GetBytes(cells["text"]))
            {
                ContentType = Cell("type") is { } type ? MemoryContentTypes.Parse(type) : MemoryContentType.Text,
                Tags = Cell("tags") is { } tags ? tags.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [],
                Author = new MemoryAuthor(Cell("agent"), Cell("task"), Cell("run")),
            };
        }
        catch (MemoryException e)
        {
            throw ImportFaults.At(place, e.Message, e);
        }

        string? Cell(string name) => cells.TryGetValue(name, out var cell) && cell.Length > 0 ? cell : null;
    }
}

/// <summary>Rows of comma-separated values.</summary>
internal sealed class CsvRows(TextReader reader, int mostCell)
{
    private const int MostCells = 64;

    private readonly StringBuilder _cell = new();
    private long _line = 1;

    internal List<string> Current { get; } = [];

    /// <summary>The line on which the row begins.</summary>
    internal long Line { get; private set; }

    internal bool Next()
    {
        Current.Clear();
        Line = _line;
        if (Peek() < 0) return false;
        do
        {
            if (Current.Count == MostCells) throw ImportFaults.At($"line {Line}", $"it has more than {MostCells} cells");
            Current.Add(Cell());
        }
        while (Skip(','));
        Skip('\r');
        if (!Skip('\n') && Peek() >= 0) throw ImportFaults.At($"line {_line}", "there is something after a closing quote");
        _line++;
        return true;
    }

    private string Cell()
    {
        _cell.Clear();
        if (Skip('"')) Quoted();
        else
        {
            while (Peek() is >= 0 and not (',' or '\n' or '\r')) Add(Read());
        }

        return _cell.ToString();
    }

    private void Quoted()
    {
        while (true)
        {
            var c = Read();
            if (c < 0) throw ImportFaults.At($"line {Line}", "a quote is not closed");
            if (c == '"' && !Skip('"')) return;
            if (c == '\n') _line++;
            Add(c);
        }
    }

    private void Add(int c)
    {
        if (_cell.Length == mostCell) throw ImportFaults.At($"line {Line}", $"a cell has more than {mostCell} characters");
        _cell.Append((char)c);
    }

    private bool Skip(char c)
    {
        if (Peek() != c) return false;
        _ = Read();
        return true;
    }

    private int Peek() => Guarded(reader.Peek);

    private int Read() => Guarded(reader.Read);

    private int Guarded(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw ImportFaults.At($"line {_line}", "it is not UTF-8", e);
        }
    }
}
