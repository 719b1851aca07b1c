namespace Skep.Vectors.Filtering;

/// <summary>The rows of each value, by the value's code. A value that one row only has costs no object: most fields with many values are of that kind.</summary>
internal sealed class Postings
{
    // A code that a reader knows before its first row is here leads beyond all rows.
    private const int Nowhere = int.MaxValue;

    private int[] _firsts = Enumerable.Repeat(Nowhere, 16).ToArray();
    private Posting?[] _more = new Posting?[16];

    public long Bytes
    {
        get
        {
            var sum = Volatile.Read(ref _firsts).Length * 12L;
            foreach (var posting in Volatile.Read(ref _more))
            {
                sum += posting?.Bytes ?? 0;
            }

            return sum;
        }
    }

    /// <summary>Adds a row to a code; codes come in rising order, rows of a code too.</summary>
    /// <param name="code">The value's code.</param>
    /// <param name="row">The row.</param>
    /// <param name="isNew">Whether this is the code's first row.</param>
    public void Add(int code, int row, bool isNew)
    {
        if (code >= _firsts.Length)
        {
            Grow();
        }

        if (isNew)
        {
            _firsts[code] = row;
        }
        else if (_more[code] is { } posting)
        {
            posting.Add(row);
        }
        else
        {
            posting = new Posting();
            posting.Add(_firsts[code]);
            posting.Add(row);
            Volatile.Write(ref _more[code], posting);
        }
    }

    /// <summary>Adds all rows at once, where there are none.</summary>
    /// <param name="count">How many codes there are, each with a row at least.</param>
    /// <param name="codes">The codes of the rows.</param>
    /// <param name="rows">The rows, rising.</param>
    public void Fill(int count, ReadOnlySpan<int> codes, ReadOnlySpan<int> rows)
    {
        // Sorted by counting: where each code's rows end, and then all rows code by code.
        var ends = new int[count + 1];
        foreach (var code in codes)
        {
            ends[code + 1]++;
        }

        for (var code = 0; code < count; code++)
        {
            ends[code + 1] += ends[code];
        }

        var (sorted, at) = (new int[rows.Length], ends[..count]);
        for (var i = 0; i < rows.Length; i++)
        {
            sorted[at[codes[i]]++] = rows[i];
        }

        var (firsts, more) = (new int[Math.Max(16, count)], new Posting?[Math.Max(16, count)]);
        firsts.AsSpan(count).Fill(Nowhere);
        for (var code = 0; code < count; code++)
        {
            var mine = sorted.AsSpan(ends[code]..ends[code + 1]);
            firsts[code] = mine[0];
            more[code] = mine.Length > 1 ? Posting.Of(mine) : null;
        }

        Volatile.Write(ref _firsts, firsts);
        Volatile.Write(ref _more, more);
    }

    /// <summary>Sets the rows of a code that the target has room for; its last word is clipped by its owner.</summary>
    public void OrInto(int code, Span<ulong> target, int rows)
    {
        if (Find(code) is { } posting)
        {
            posting.OrInto(target, rows);
        }
        else if (First(code) is var row && row < rows)
        {
            target[row >> 6] |= 1UL << row;
        }
    }

    /// <summary>How many of the first rows have a code.</summary>
    public int Count(int code, int rows) => Find(code)?.Count(rows) ?? (First(code) < rows ? 1 : 0);

    private Posting? Find(int code)
    {
        var more = Volatile.Read(ref _more);
        return code < more.Length ? Volatile.Read(ref more[code]) : null;
    }

    private int First(int code)
    {
        var firsts = Volatile.Read(ref _firsts);
        return code < firsts.Length ? firsts[code] : Nowhere;
    }

    private void Grow()
    {
        var (firsts, more) = (new int[_firsts.Length * 2], new Posting?[_more.Length * 2]);
        firsts.AsSpan().Fill(Nowhere);
        _firsts.CopyTo(firsts, 0);
        _more.CopyTo(more, 0);
        Volatile.Write(ref _firsts, firsts);
        Volatile.Write(ref _more, more);
    }
}
