using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>
/// An open-addressed table from keys' hashes to rows: a slot holds the hash in its upper half and the row plus one in its lower, and is written at once, so
/// that readers need no locks. Slots are never emptied. A table that grows is another one; whoever reads the old keeps it alive.
/// </summary>
internal sealed unsafe class KeySlots : IDisposable
{
    /// <summary>The smallest table.</summary>
    public const int Smallest = 1 << 10;

    private readonly Reservation _memory;
    private readonly ulong* _slots;

    public KeySlots(int capacity)
    {
        Capacity = capacity;
        _memory = new Reservation((long)capacity * sizeof(ulong));
        _slots = (ulong*)_memory.Address;
    }

    /// <summary>How many slots there are: a power of two.</summary>
    public int Capacity { get; }

    /// <summary>Slots in use.</summary>
    public int Used { get; set; }

    /// <summary>Whether one more would make lookups slow.</summary>
    public bool IsFull => Used * 4L >= Capacity * 3L;

    public Reservation Memory => _memory;

    public long Bytes => (long)Capacity * sizeof(ulong);

    /// <summary>The capacity for so many keys, half of it free.</summary>
    public static int CapacityFor(int keys)
    {
        var capacity = Smallest;
        while (capacity < keys * 2L && capacity < 1 << 30) capacity <<= 1;
        return capacity;
    }

    /// <summary>The slot at which a hash is looked for first.</summary>
    public int First(uint hash) => (int)(hash & (uint)(Capacity - 1));

    public int After(int slot) => (slot + 1) & (Capacity - 1);

    /// <summary>The row in a slot and its hash; row -1 where it is free.</summary>
    public (uint Hash, int Row) this[int slot]
    {
        get
        {
            var value = Volatile.Read(ref _slots[slot]);
            return ((uint)(value >> 32), (int)(uint)value - 1);
        }
    }

    public void Set(int slot, uint hash, int row) => Volatile.Write(ref _slots[slot], ((ulong)hash << 32) | ((uint)row + 1));

    /// <summary>The same rows in a table of twice the size.</summary>
    public KeySlots Grown()
    {
        var grown = new KeySlots(Capacity * 2) { Used = Used };
        for (var i = 0; i < Capacity; i++)
        {
            var (hash, row) = this[i];
            if (row < 0) continue;
            var slot = grown.First(hash);
            while (grown[slot].Row >= 0) slot = grown.After(slot);
            grown.Set(slot, hash, row);
        }

        return grown;
    }

    public void Dispose() => _memory.Dispose();
}
