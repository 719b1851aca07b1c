using System.Numerics;

namespace Skep.Vectors.Filtering;

/// <summary>Rows whose number or time lies between two bounds, both included.</summary>
internal sealed class RangePredicate<T>(RangeColumn<T> column, T least, T most, int rows) : Predicate(rows)
    where T : struct, INumber<T>
{
    // Enough for a few per cent of error, few enough for a microsecond or two.
    private const int Samples = 2048;

    public override int Cost => 50;

    public override void Evaluate(Span<ulong> bits) => column.Scan(least, most, Rows, bits);

    /// <summary>Blocks that the zones decide are counted; from the others, rows at even distances are looked at.</summary>
    public override RowEstimate Estimate()
    {
        var values = column.Values(Rows);
        var blocks = (values.Length + RangeColumn<T>.Block - 1) / RangeColumn<T>.Block;
        var (certain, open, openBlocks) = (0, 0, new List<int>());
        for (var b = 0; b < blocks; b++)
        {
            var size = Math.Min(RangeColumn<T>.Block, values.Length - (b * RangeColumn<T>.Block));
            var verdict = column.Judge(b, least, most);
            if (verdict == Verdict.All && size == RangeColumn<T>.Block)
            {
                certain += size;
            }
            else if (verdict != Verdict.None)
            {
                open += size;
                openBlocks.Add(b);
            }
        }

        var (hits, looked) = Sample(values, openBlocks);
        var expected = certain + (looked == 0 ? 0 : (int)Math.Round((double)hits / looked * open));
        return new RowEstimate(certain + hits, expected, certain + open - (looked - hits));
    }

    private (int Hits, int Looked) Sample(ReadOnlySpan<T> values, List<int> blocks)
    {
        var (hits, looked) = (0, 0);
        var step = Math.Max(1, blocks.Count * RangeColumn<T>.Block / Samples);
        foreach (var block in blocks)
        {
            var part = values[(block * RangeColumn<T>.Block)..Math.Min(values.Length, (block + 1) * RangeColumn<T>.Block)];

            // Blocks begin at different places, so that values which repeat with a period are not always met at the same one.
            for (var i = block % step; i < part.Length; i += step, looked++)
            {
                hits += part[i] >= least && part[i] <= most ? 1 : 0;
            }
        }

        return (hits, looked);
    }
}

/// <summary>Rows whose number or time is one of many: rows between the least and the greatest of them are looked up one by one.</summary>
internal sealed class SetPredicate<T>(RangeColumn<T> column, T[] sorted, int rows) : Predicate(rows)
    where T : struct, INumber<T>
{
    public override int Cost => 200;

    public override void Evaluate(Span<ulong> bits)
    {
        column.Scan(sorted[0], sorted[^1], Rows, bits);
        var values = column.Values(Rows);
        for (var w = 0; w < bits.Length; w++)
        {
            for (var rest = bits[w]; rest != 0; rest &= rest - 1)
            {
                var bit = BitOperations.TrailingZeroCount(rest);
                if (sorted.AsSpan().BinarySearch(values[(w << 6) + bit]) < 0)
                {
                    bits[w] &= ~(1UL << bit);
                }
            }
        }
    }

    public override RowEstimate Estimate()
    {
        var values = column.Values(Rows);
        var step = Math.Max(1, Rows / 1024);
        var (hits, looked) = (0, 0);
        for (var i = 0; i < values.Length; i += step, looked++)
        {
            hits += sorted.AsSpan().BinarySearch(values[i]) >= 0 ? 1 : 0;
        }

        var present = column.Present.Count(Rows);
        var expected = looked == 0 ? 0 : (int)Math.Round((double)hits / looked * values.Length);
        return new RowEstimate(hits, Math.Clamp(expected, hits, Math.Max(hits, present)), present);
    }
}
