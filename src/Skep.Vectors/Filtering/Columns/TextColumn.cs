namespace Skep.Vectors.Filtering;

/// <summary>Strings: a code for each row, and for each code its rows.</summary>
internal sealed class TextColumn : Column
{
    // A code plus one for each row; 0 is missing.
    private int[] _codes = [];
    private TextOrder? _order;

    public TextDictionary Dictionary { get; } = new();

    public Postings Postings { get; } = new();

    public override long Bytes => Present.Bytes + (Volatile.Read(ref _codes).Length * 4L) + Dictionary.Bytes + Postings.Bytes + (Volatile.Read(ref _order)?.Bytes ?? 0);

    public override void Set(int row, FieldValue value) => Set(row, value.AsText);

    public void Set(int row, string text)
    {
        var code = Dictionary.Add(text, out var isNew);
        Set(row, code, isNew);
    }

    /// <summary>Sets a row's string by the code that the dictionary gave it.</summary>
    public void Set(int row, int code, bool isNew)
    {
        Enter(row, code);
        Postings.Add(code, row, isNew);
        Present.Set(row);
    }

    /// <summary>Sets all rows at once, in a column that has a dictionary and no rows.</summary>
    /// <param name="present">Which rows have a value.</param>
    /// <param name="codes">Their codes, one after the other; each code's first row comes after those of lesser codes.</param>
    public void Fill(RowSet present, ReadOnlySpan<int> codes)
    {
        var rows = present.ToArray();
        _codes = new int[present.Rows];
        for (var i = 0; i < rows.Length; i++)
        {
            _codes[rows[i]] = codes[i] + 1;
        }

        Postings.Fill(Dictionary.Count, codes, rows);
        Present.Fill(present.Words);
    }

    public override FieldValue Get(int row) => Code(row) is >= 0 and var code ? FieldValue.Text(Dictionary[code]) : default;

    /// <summary>A row's code, or -1 where the value is missing.</summary>
    public int Code(int row)
    {
        var codes = Volatile.Read(ref _codes);
        return row < codes.Length ? codes[row] - 1 : -1;
    }

    /// <summary>Codes plus one of the first rows; fewer where the rest lacks the field.</summary>
    public ReadOnlySpan<int> CodesPlusOne(int rows)
    {
        var codes = Volatile.Read(ref _codes);
        return codes.AsSpan(0, Math.Min(rows, codes.Length));
    }

    /// <summary>The strings in order, as far as that is worth keeping up; built here when needed, by as many readers as ask at once.</summary>
    public TextOrder Order()
    {
        if (Volatile.Read(ref _order) is { } known && !known.IsStale(Dictionary.Count))
        {
            return known;
        }

        var order = TextOrder.Of(Dictionary.Texts(out _));
        Volatile.Write(ref _order, order);
        return order;
    }

    private void Enter(int row, int code)
    {
        if (row >= _codes.Length)
        {
            var grown = new int[Math.Max(64, Math.Max(row + 1, (int)Math.Min(_codes.Length * 3L / 2, Array.MaxLength)))];
            _codes.CopyTo(grown, 0);
            Volatile.Write(ref _codes, grown);
        }

        _codes[row] = code + 1;
    }
}
