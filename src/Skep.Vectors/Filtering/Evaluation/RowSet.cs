using System.Numerics;

namespace Skep.Vectors.Filtering;

/// <summary>A set of rows, as one bit per row. Immutable, and safe to read from many threads.</summary>
public sealed class RowSet
{
    private readonly ulong[] _words;

    private RowSet(ulong[] words, int rows, int count) => (_words, Rows, Count) = (words, rows, count);

    /// <summary>How many rows there were when the set was made; rows from there on are not in it.</summary>
    public int Rows { get; }

    /// <summary>How many rows are in the set.</summary>
    public int Count { get; }

    /// <summary>The bits: row <c>r</c> is bit <c>r % 64</c> of word <c>r / 64</c>; bits beyond <see cref="Rows"/> are clear.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>No row of so many.</summary>
    public static RowSet None(int rows) => new(new ulong[BitWords.Words(rows)], rows, 0);

    /// <summary>Every row of so many.</summary>
    public static RowSet All(int rows)
    {
        var words = new ulong[BitWords.Words(rows)];
        BitWords.Fill(words, rows);
        return new RowSet(words, rows, rows);
    }

    /// <summary>A set of bits that somebody has, such as rows that were deleted. They are copied; missing words are clear.</summary>
    public static RowSet FromBits(ReadOnlySpan<ulong> words, int rows)
    {
        var copy = new ulong[BitWords.Words(rows)];
        words[..Math.Min(words.Length, copy.Length)].CopyTo(copy);
        BitWords.Clip(copy, rows);
        return Own(copy, rows);
    }

    /// <summary>Whether a row is in the set; false for a row that it does not know.</summary>
    public bool Contains(int row) => (uint)row < (uint)Rows && BitWords.Has(_words, row);

    /// <summary>Rows that are in both.</summary>
    public RowSet And(RowSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var words = (ulong[])_words.Clone();
        BitWords.And(words, other._words);
        return Own(words, Rows);
    }

    /// <summary>Rows that are in one of them; as many rows are known as the one knows that knows more.</summary>
    public RowSet Or(RowSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (more, less) = Rows >= other.Rows ? (this, other) : (other, this);
        var words = (ulong[])more._words.Clone();
        BitWords.Or(words, less._words);
        return Own(words, more.Rows);
    }

    /// <summary>Rows of this set that the other lacks.</summary>
    public RowSet AndNot(RowSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AndNot(other._words);
    }

    /// <summary>Rows of this set whose bits are clear, such as those that were not deleted.</summary>
    public RowSet AndNot(ReadOnlySpan<ulong> bits)
    {
        var words = (ulong[])_words.Clone();
        BitWords.AndNot(words, bits);
        return Own(words, Rows);
    }

    /// <summary>Writes the first rows of the set in rising order.</summary>
    /// <returns>How many were written.</returns>
    public int CopyTo(Span<int> rows)
    {
        var written = 0;
        foreach (var row in this)
        {
            if (written == rows.Length)
            {
                break;
            }

            rows[written++] = row;
        }

        return written;
    }

    /// <summary>The rows in rising order, as an array.</summary>
    public int[] ToArray()
    {
        var rows = new int[Count];
        CopyTo(rows);
        return rows;
    }

    /// <summary>Walks over the rows in rising order, without allocating.</summary>
    public Enumerator GetEnumerator() => new(_words);

    /// <summary>A set whose words belong to it from now on; bits beyond the rows are clear already.</summary>
    internal static RowSet Own(ulong[] words, int rows) => new(words, rows, BitWords.Count(words));

    /// <summary>Walks over the rows of a set.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<ulong> _words;
        private ulong _rest;
        private int _at;

        internal Enumerator(ReadOnlySpan<ulong> words)
        {
            _words = words;
            _rest = words.IsEmpty ? 0 : words[0];
            Current = -1;
        }

        /// <summary>The row.</summary>
        public int Current { get; private set; }

        /// <summary>Goes on to the next row.</summary>
        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_at >= _words.Length)
                {
                    return false;
                }

                _rest = _words[_at];
            }

            Current = (_at << 6) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
