namespace Skep.Vectors.Filtering;

/// <summary>Sets of tags: for each tag its rows, and for each row where its codes begin and how many they are.</summary>
internal sealed class TagColumn : Column
{
    // Start in the flat array times 256, plus how many; 0 is missing, because an empty set is.
    private long[] _spans = [];
    private int[] _flat = [];
    private int _used;

    public TextDictionary Dictionary { get; } = new();

    public Postings Postings { get; } = new();

    public override long Bytes =>
        Present.Bytes + (Volatile.Read(ref _spans).Length * 8L) + (Volatile.Read(ref _flat).Length * 4L) + Dictionary.Bytes + Postings.Bytes;

    public override void Set(int row, FieldValue value)
    {
        var start = Reserve(row, value.TagSpan.Length);
        foreach (var tag in value.TagSpan)
        {
            var code = Dictionary.Add(tag, out var isNew);
            Add(row, code, isNew);
        }

        Close(row, start);
    }

    /// <summary>Makes room for a row's tags.</summary>
    /// <returns>Where they start, for <see cref="Close"/>.</returns>
    public int Reserve(int row, int tags)
    {
        GrowSpans(row);
        GrowFlat(tags);
        return _used;
    }

    /// <summary>Adds a tag to a row by the code that the dictionary gave it; a row's tags come in ordinal order.</summary>
    public void Add(int row, int code, bool isNew)
    {
        _flat[_used++] = code;
        Postings.Add(code, row, isNew);
    }

    /// <summary>Ends a row.</summary>
    public void Close(int row, int start)
    {
        _spans[row] = ((long)start << 8) | (uint)(_used - start);
        Present.Set(row);
    }

    public override FieldValue Get(int row)
    {
        var codes = Codes(row);
        var tags = new string[codes.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = Dictionary[codes[i]];
        }

        return FieldValue.Tags(tags);
    }

    /// <summary>The codes of a row's tags.</summary>
    public ReadOnlySpan<int> Codes(int row)
    {
        var spans = Volatile.Read(ref _spans);
        var span = row < spans.Length ? spans[row] : 0;
        return Volatile.Read(ref _flat).AsSpan((int)(span >> 8), (int)(span & 255));
    }

    private void GrowSpans(int row)
    {
        if (row >= _spans.Length)
        {
            var grown = new long[Math.Max(64, Math.Max(row + 1, (int)Math.Min(_spans.Length * 3L / 2, Array.MaxLength)))];
            _spans.CopyTo(grown, 0);
            Volatile.Write(ref _spans, grown);
        }
    }

    private void GrowFlat(int tags)
    {
        if (_used + (long)tags > _flat.Length)
        {
            if (_used + (long)tags > Array.MaxLength)
            {
                throw new VectorException(VectorFault.LimitReached, $"A field of tags holds at most {Array.MaxLength} tags over all rows: spread the rows over several collections.");
            }

            var grown = new int[(int)Math.Max(64, Math.Min(Array.MaxLength, (_used + (long)tags) * 3 / 2))];
            _flat.CopyTo(grown, 0);
            Volatile.Write(ref _flat, grown);
        }
    }
}
