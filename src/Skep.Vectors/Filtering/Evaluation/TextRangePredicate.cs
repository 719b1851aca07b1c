namespace Skep.Vectors.Filtering;

/// <summary>
/// Rows whose string lies in a range: the range's stretch of the ordered strings is found by halving, and its rows come from postings where they are few
/// strings, from a walk over the rows where they are many.
/// </summary>
internal sealed class TextRangePredicate : Predicate
{
    // Postings of so many strings cost about as much as a look at each of so many rows' codes.
    private const int RowsPerPosting = 4;
    private const int FewCodes = 256;
    private const int Samples = 1024;

    private readonly TextColumn _column;
    private readonly TextRange _range;
    private readonly TextOrder _order;
    private readonly int _from;
    private readonly int _to;
    private readonly int[] _late;

    public TextRangePredicate(TextColumn column, TextRange range, int rows)
        : base(rows)
    {
        (_column, _range, _order) = (column, range, column.Order());
        (_from, _to) = _order.Find(range, column.Dictionary);
        _to = Math.Max(_from, _to);
        _late = Late();
    }

    public override int Cost => 20;

    public override void Evaluate(Span<ulong> bits)
    {
        bits.Clear();
        if ((long)(_to - _from) * RowsPerPosting <= Rows)
        {
            foreach (var code in _order.Codes[_from.._to])
            {
                _column.Postings.OrInto(code, bits, Rows);
            }
        }
        else
        {
            Walk(bits);
        }

        foreach (var code in _late)
        {
            _column.Postings.OrInto(code, bits, Rows);
        }

        BitWords.Clip(bits, Rows);
    }

    /// <summary>Exact for few strings. For many, rows at even distances are looked at: strings would not do, because one of them may have most of the rows.</summary>
    public override RowEstimate Estimate()
    {
        var codes = _order.Codes[_from.._to];
        return codes.Length + _late.Length <= FewCodes ? RowEstimate.Exactly(Count(codes) + Count(_late)) : Sample(_column.CodesPlusOne(Rows));
    }

    private int Count(ReadOnlySpan<int> codes)
    {
        var sum = 0;
        foreach (var code in codes)
        {
            sum += _column.Postings.Count(code, Rows);
        }

        return sum;
    }

    private RowEstimate Sample(ReadOnlySpan<int> codes)
    {
        var step = Math.Max(1, codes.Length / Samples);
        var (hits, misses, looked) = (0, 0, 0);
        for (var i = 0; i < codes.Length; i += step, looked++)
        {
            if (codes[i] > 0)
            {
                var isIn = _range.Side(_column.Dictionary[codes[i] - 1]) == 0;
                (hits, misses) = (hits + (isIn ? 1 : 0), misses + (isIn ? 0 : 1));
            }
        }

        var most = _column.Present.Count(Rows) - misses;
        var expected = looked == 0 ? 0 : (int)Math.Round((double)hits / looked * codes.Length);
        return new RowEstimate(hits, Math.Clamp(expected, hits, most), most);
    }

    /// <summary>Codes that came after the order was made, and lie in the range.</summary>
    private int[] Late()
    {
        List<int> late = [];
        var texts = _column.Dictionary.Texts(out var count);
        for (var code = _order.Count; code < count; code++)
        {
            if (_range.Side(texts[code]) == 0)
            {
                late.Add(code);
            }
        }

        return [.. late];
    }

    private void Walk(Span<ulong> bits)
    {
        var codes = _column.CodesPlusOne(Rows);
        var (ranks, from, width) = (_order.Ranks, (uint)_from, (ulong)(_to - _from));
        for (var start = 0; start < codes.Length; start += 64)
        {
            var chunk = codes[start..Math.Min(start + 64, codes.Length)];
            var word = 0UL;
            for (var i = 0; i < chunk.Length; i++)
            {
                // The sign of a difference instead of a comparison: strings come in no order, and a branch would be guessed wrong every other time.
                var rank = (uint)ranks[Math.Min(chunk[i], ranks.Length - 1)];
                word |= ((rank - from) - width) >> 63 << i;
            }

            bits[start >> 6] = word;
        }
    }
}
