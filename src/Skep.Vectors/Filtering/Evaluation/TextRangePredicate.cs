namespace Skep.Vectors.Filtering;

/// <summary>
/// Rows whose string lies in a range: the range's stretch of the ordered strings is found by halving, and its rows come from postings where they are few
/// strings, from a walk over the rows where they are many.
/// </summary>
internal sealed class TextRangePredicate : Predicate
{
    // Postings of so many strings cost about as much as a look at each of so many rows' codes.
    private const int RowsPerPosting = 4;
    private const int Sampled = 256;

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

    public override RowEstimate Estimate()
    {
        var present = _column.Present.Count(Rows);
        var codes = _order.Codes[_from.._to];
        var step = Math.Max(1, codes.Length / Sampled);
        var (counted, looked) = (0L, 0);
        for (var i = 0; i < codes.Length; i += step, looked++)
        {
            counted += _column.Postings.Count(codes[i], Rows);
        }

        var late = _late.Sum(code => (long)_column.Postings.Count(code, Rows));
        var sum = late + (looked == 0 ? 0 : (long)Math.Round((double)counted * codes.Length / looked));
        var expected = (int)Math.Min(sum, present);
        return step == 1 ? RowEstimate.Exactly(expected) : new RowEstimate((int)Math.Min(expected, late + counted), expected, present);
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
