using System.Diagnostics;
using System.Runtime.CompilerServices;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Graph;

/// <summary>
/// The links of a graph: on level 0 a fixed block of 2 M for each row, above it blocks of M for the few rows that have upper levels. A link is the row it
/// leads to plus one, so that untouched memory means "no links" and a block ends at its first zero. Readers walk it while writers change it: a block that
/// is read while it changes is a mixture of its old and new links, all of which lead to rows that exist.
/// </summary>
internal sealed unsafe class HnswLinks : IDisposable
{
    /// <summary>More levels than random draws reach for 2^31 rows with M = 4.</summary>
    public const int MaxLevel = 24;

    private const int LockStripes = 1 << 14;

    private readonly int[] _locks = new int[LockStripes];
    private readonly Reservation _level0, _levels, _upperAt, _upper;
    private readonly int _upperLimit;
    private int _upperUsed;
    private long _entry = -1;

    /// <summary>Room for the links of so many rows.</summary>
    public HnswLinks(int rows, int m)
    {
        (M, M0, RowLimit) = (m, 2 * m, rows);
        // A row has l upper levels with probability M^-l; twice the expected number, and some for small graphs.
        _upperLimit = checked((int)Math.Min(int.MaxValue / 2, (2L * rows / (m - 1)) + 4096));
        _level0 = new Reservation((long)rows * M0 * sizeof(int));
        _levels = new Reservation(rows);
        _upperAt = new Reservation((long)rows * sizeof(int));
        _upper = new Reservation((long)_upperLimit * m * sizeof(int));
        Level0 = (int*)_level0.Address;
    }

    /// <summary>Links of a row on the upper levels.</summary>
    public int M { get; }

    /// <summary>Links of a row on level 0.</summary>
    public int M0 { get; }

    public int RowLimit { get; }

    /// <summary>The blocks of level 0, one after the other.</summary>
    public int* Level0 { get; }

    /// <summary>The row where walks begin, and its level; row -1 while the graph is empty.</summary>
    public (int Row, int Level) Entry
    {
        get
        {
            var entry = Volatile.Read(ref _entry);
            return ((int)(entry & uint.MaxValue), (int)(entry >> 32));
        }
    }

    /// <summary>Blocks above level 0 in use.</summary>
    public int UpperUsed => Volatile.Read(ref _upperUsed);

    /// <summary>Bytes that the links of so many rows take.</summary>
    public long BytesOf(int rows) => ((long)rows * ((M0 * sizeof(int)) + 1 + sizeof(int))) + ((long)UpperUsed * M * sizeof(int));

    public Reservation Level0Memory => _level0;

    public Reservation LevelMemory => _levels;

    public Reservation UpperAtMemory => _upperAt;

    public Reservation UpperMemory => _upper;

    public int LevelOf(int row) => _levels.Address[row];

    /// <summary>A row's block on a level, of <see cref="M0"/> links on level 0 and <see cref="M"/> above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Of(int row, int level) => level == 0 ? Level0 + ((long)row * M0) : Upper(row, level);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Most(int level) => level == 0 ? M0 : M;

    /// <summary>Gives a row its level, before anything leads to it.</summary>
    public void Admit(int row, int level)
    {
        Debug.Assert(row < RowLimit && level <= MaxLevel);
        if (level > 0)
        {
            var first = Interlocked.Add(ref _upperUsed, level) - level;
            // So many levels are not drawn by chance: whoever gets here loses speed, not rows.
            if (first + level > _upperLimit) (_upperUsed, level) = (_upperLimit, 0);
            else ((int*)_upperAt.Address)[row] = first + 1;
        }

        Volatile.Write(ref _levels.Address[row], (byte)level);
    }

    /// <summary>Makes a row the entry if it reaches higher than the present one. Returns whether it did.</summary>
    public bool OfferEntry(int row, int level)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _entry);
            if (seen >= 0 && (int)(seen >> 32) >= level) return false;
            if (Interlocked.CompareExchange(ref _entry, ((long)level << 32) | (uint)row, seen) == seen) return true;
        }
    }

    /// <summary>Sets the entry, of a graph that nobody else writes to.</summary>
    public void SetEntry(int row, int level, int upperUsed) => (_entry, _upperUsed) = (row < 0 ? -1 : ((long)level << 32) | (uint)row, upperUsed);

    public void Lock(int row)
    {
        ref var word = ref _locks[row & (LockStripes - 1)];
        if (Interlocked.CompareExchange(ref word, 1, 0) == 0) return;
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref word, 1, 0) != 0) spin.SpinOnce();
    }

    public void Unlock(int row) => Volatile.Write(ref _locks[row & (LockStripes - 1)], 0);

    public void Dispose()
    {
        foreach (var memory in (ReadOnlySpan<Reservation>)[_level0, _levels, _upperAt, _upper]) memory.Dispose();
    }

    private int* Upper(int row, int level) => (int*)_upper.Address + ((long)(((int*)_upperAt.Address)[row] - 1 + level - 1) * M);
}
