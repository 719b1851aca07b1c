namespace Skep.Vectors.Filtering;

/// <summary>
/// The rows that hold one value, rising: a list while they are few, bits once more than one row in 32 has it, because a list would then be larger and slower.
/// One writer, many readers: the count is published after the row, and a list stays as it was for those who hold it.
/// </summary>
internal sealed class Posting
{
    private const int Dense = 1024;

    private int[]? _list = new int[4];
    private GrowingBits? _bits;
    private int _count;

    public long Bytes => 48 + ((Volatile.Read(ref _list)?.Length ?? 0) * 4L) + (Volatile.Read(ref _bits)?.Bytes ?? 0);

    /// <summary>A posting of rising rows.</summary>
    public static Posting Of(ReadOnlySpan<int> rows)
    {
        var posting = new Posting { _list = rows.ToArray(), _count = rows.Length };
        if (IsDense(rows.Length, rows[^1]))
        {
            posting.TurnDense(rows[^1]);
        }

        return posting;
    }

    public void Add(int row)
    {
        if (_bits is { } bits)
        {
            bits.Set(row);
        }
        else if (IsDense(_count, row))
        {
            TurnDense(row);
        }
        else
        {
            if (_count == _list!.Length)
            {
                var grown = new int[_count * 2];
                _list.CopyTo(grown, 0);
                Volatile.Write(ref _list, grown);
            }

            _list[_count] = row;
        }

        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Sets the posting's rows that the target has room for; later ones in its last word are clipped by its owner.</summary>
    public void OrInto(Span<ulong> target, int rows)
    {
        if (Volatile.Read(ref _bits) is { } bits)
        {
            bits.OrInto(target);
            return;
        }

        var count = Volatile.Read(ref _count);
        if (Volatile.Read(ref _list) is not { } list)
        {
            Volatile.Read(ref _bits)!.OrInto(target);
            return;
        }

        foreach (var row in list.AsSpan(0, Math.Min(count, list.Length)))
        {
            if (row >= rows)
            {
                return;
            }

            target[row >> 6] |= 1UL << row;
        }
    }

    /// <summary>How many of the first rows are in it.</summary>
    public int Count(int rows)
    {
        if (Volatile.Read(ref _bits) is { } bits)
        {
            return bits.Count(rows);
        }

        var count = Volatile.Read(ref _count);
        if (Volatile.Read(ref _list) is not { } list)
        {
            return Volatile.Read(ref _bits)!.Count(rows);
        }

        var at = list.AsSpan(0, Math.Min(count, list.Length)).BinarySearch(rows);
        return at < 0 ? ~at : at;
    }

    private static bool IsDense(int count, int row) => count >= Dense && count * 32L > row;

    private void TurnDense(int row)
    {
        var bits = new GrowingBits();
        bits.Set(row);
        foreach (var earlier in _list.AsSpan(0, _count))
        {
            bits.Set(earlier);
        }

        Volatile.Write(ref _bits, bits);
        Volatile.Write(ref _list, null);
    }
}
