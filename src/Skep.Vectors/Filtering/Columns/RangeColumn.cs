using System.Numerics;

namespace Skep.Vectors.Filtering;

/// <summary>
/// Numbers or instants as a plain array, which is scanned at the speed of memory. For each block of rows the least and the greatest value are kept, so that
/// values which rise with the rows, as times do, are scanned in few blocks only.
/// </summary>
/// <typeparam name="T">The value: double for numbers, ticks for times.</typeparam>
/// <param name="missing">What stands for a missing value: it lies between no bounds that are asked for.</param>
internal sealed class RangeColumn<T>(T missing) : Column
    where T : struct, INumber<T>
{
    /// <summary>Rows in a block; whole words of bits.</summary>
    public const int Block = 4096;

    private T[] _values = [];
    private Zone[] _zones = [];

    public override long Bytes => Present.Bytes + (Volatile.Read(ref _values).Length * 8L) + (Volatile.Read(ref _zones).Length * 48L);

    public override void Set(int row, FieldValue value) =>
        Set(row, typeof(T) == typeof(double) ? T.CreateTruncating(value.AsNumber) : T.CreateTruncating(value.AsTicks));

    /// <summary>Sets a row's value: finite, or ticks.</summary>
    public void Set(int row, T number)
    {
        if (row >= _values.Length)
        {
            Grow(row);
        }

        _values[row] = number;
        (_zones[row / Block] ??= new Zone(number, number, 0)).Add(number);
        Present.Set(row);
    }

    /// <summary>Sets all rows at once, in a column that has none.</summary>
    /// <param name="present">Which rows have a value.</param>
    /// <param name="numbers">Their values, one after the other: finite, or ticks.</param>
    public void Fill(RowSet present, ReadOnlySpan<T> numbers)
    {
        if (present.Count == 0)
        {
            return;
        }

        Grow(present.Rows - 1);
        for (var start = 0; start < present.Rows; start += Block)
        {
            var words = present.Words[(start >> 6)..Math.Min(present.Words.Length, (start + Block) >> 6)];
            var count = BitWords.Count(words);
            if (count > 0)
            {
                FillBlock(start, words, numbers[..count]);
                numbers = numbers[count..];
            }
        }

        Present.Fill(present.Words);
    }

    private void FillBlock(int start, ReadOnlySpan<ulong> words, ReadOnlySpan<T> numbers)
    {
        var target = _values.AsSpan(start);
        var (least, most) = (numbers[0], numbers[0]);
        foreach (var number in numbers)
        {
            (least, most) = (T.Min(least, number), T.Max(most, number));
        }

        _zones[start / Block] = new Zone(least, most, numbers.Length);
        if (numbers.Length == Math.Min(Block, words.Length << 6))
        {
            numbers.CopyTo(target);
            return;
        }

        var at = 0;
        for (var w = 0; w < words.Length; w++)
        {
            for (var rest = words[w]; rest != 0; rest &= rest - 1)
            {
                target[(w << 6) + BitOperations.TrailingZeroCount(rest)] = numbers[at++];
            }
        }
    }

    public override FieldValue Get(int row)
    {
        var values = Volatile.Read(ref _values);
        return !Present.Has(row) ? default
            : typeof(T) == typeof(double) ? FieldValue.Number(double.CreateTruncating(values[row]))
            : FieldValue.Time(long.CreateTruncating(values[row]));
    }

    /// <summary>The values of the first rows, with the sentinel where they are missing; fewer where the rest is.</summary>
    public ReadOnlySpan<T> Values(int rows)
    {
        var values = Volatile.Read(ref _values);
        return values.AsSpan(0, Math.Min(rows, values.Length));
    }

    /// <summary>Which of the first rows lie between two bounds, both included.</summary>
    /// <param name="least">The lower bound.</param>
    /// <param name="most">The upper bound.</param>
    /// <param name="rows">How many rows the reader knows.</param>
    /// <param name="bits">Room for a bit for each row.</param>
    public void Scan(T least, T most, int rows, Span<ulong> bits)
    {
        var values = Values(rows);
        bits[BitWords.Words(values.Length)..].Clear();
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values.Slice(start, Math.Min(Block, values.Length - start));
            var target = bits.Slice(start >> 6, BitWords.Words(block.Length));
            switch (Judge(start / Block, least, most))
            {
                case Verdict.None:
                    target.Clear();
                    break;
                case Verdict.All when block.Length == Block:
                    target.Fill(ulong.MaxValue);
                    break;
                default:
                    RangeScan.Scan(block, least, most, target);
                    break;
            }
        }
    }

    /// <summary>What a block's least and greatest value say about its rows. It may know rows that the reader does not: they make it say less, never too much.</summary>
    public Verdict Judge(int block, T least, T most)
    {
        var zones = Volatile.Read(ref _zones);
        if (block >= zones.Length || Volatile.Read(ref zones[block]) is not { } zone)
        {
            return Verdict.None;
        }

        return zone.Most < least || zone.Least > most ? Verdict.None
            : zone.Count == Block && zone.Least >= least && zone.Most <= most ? Verdict.All
            : Verdict.Some;
    }

    private void Grow(int row)
    {
        var values = new T[Math.Max(64, Math.Max(row + 1, (int)Math.Min(_values.Length * 3L / 2, Array.MaxLength)))];
        values.AsSpan(_values.Length).Fill(missing);
        _values.CopyTo(values, 0);
        var zones = new Zone[((values.Length - 1) / Block) + 1];
        _zones.CopyTo(zones, 0);
        Volatile.Write(ref _zones, zones);
        Volatile.Write(ref _values, values);
    }

    /// <summary>Bounds of a block. They are widened before the row is published, and so hold for each row that a reader knows.</summary>
    private sealed class Zone(T least, T most, int count)
    {
        public T Least { get; private set; } = least;

        public T Most { get; private set; } = most;

        public int Count { get; private set; } = count;

        public void Add(T value)
        {
            Least = T.Min(Least, value);
            Most = T.Max(Most, value);
            Count++;
        }
    }
}

/// <summary>What is known of a block of rows without looking at each.</summary>
internal enum Verdict
{
    None,
    Some,
    All,
}
