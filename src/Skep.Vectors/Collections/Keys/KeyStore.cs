using System.Text;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>
/// The keys of rows, and which row a key has now. One writer; readers take no locks. All of it lies in memory as it lies in a segment, so that a segment is
/// used where it is mapped, and what comes later is written behind it.
/// </summary>
internal sealed unsafe class KeyStore : IDisposable
{
    /// <summary>Bytes of a key in UTF-8.</summary>
    public const int MaxKeyBytes = 512;

    private readonly Reservation _ends, _text;
    private KeySlots _slots;

    /// <summary>No keys, with room for so many rows.</summary>
    public KeyStore(int most, ulong seed, int capacity = KeySlots.Smallest)
    {
        (Most, Seed) = (most, seed);
        _ends = new Reservation((most + 1L) * sizeof(long));
        _text = new Reservation((long)most * MaxKeyBytes);
        _slots = new KeySlots(capacity);
    }

    public int Most { get; }

    public ulong Seed { get; }

    /// <summary>Where each row's key begins; behind the last row, where the next one's will.</summary>
    public Reservation EndMemory => _ends;

    public Reservation TextMemory => _text;

    public KeySlots Slots => Volatile.Read(ref _slots);

    /// <summary>Bytes that the keys of so many rows take.</summary>
    public long BytesOf(int rows) => ((rows + 1L) * sizeof(long)) + End(rows) + Slots.Bytes;

    /// <summary>Bytes of keys' text before a row.</summary>
    public long End(int row) => Volatile.Read(ref Ends[row]);

    private long* Ends => (long*)_ends.Address;

    /// <summary>A row's key.</summary>
    public ReadOnlySpan<byte> this[int row] => new(_text.Address + Ends[row], (int)(End(row + 1) - Ends[row]));

    public string Text(int row) => Encoding.UTF8.GetString(this[row]);

    /// <summary>Refuses what cannot be a key.</summary>
    public static void Check(string key)
    {
        var bytes = string.IsNullOrEmpty(key) ? 0 : Encoding.UTF8.GetByteCount(key);
        if (bytes == 0) throw new VectorException(VectorFault.BadArgument, "a key is empty: give each record a name of its own");
        if (bytes > MaxKeyBytes) throw new VectorException(VectorFault.BadArgument, $"the key '{key[..40]}…' takes {bytes:N0} bytes in UTF-8, and {MaxKeyBytes} are allowed: use a shorter one, such as a hash of it");
        for (var i = 0; i < key.Length; i++)
        {
            if (char.IsHighSurrogate(key[i]) && i + 1 < key.Length && char.IsLowSurrogate(key[i + 1])) i++;
            else if (char.IsSurrogate(key[i])) throw new VectorException(VectorFault.BadArgument, $"the key holds half of a surrogate pair at character {i}: it is no text");
        }
    }

    /// <summary>Writes down the key of a row that nobody sees yet.</summary>
    public void Place(int row, ReadOnlySpan<byte> key)
    {
        var at = Ends[row];
        key.CopyTo(new Span<byte>(_text.Address + at, key.Length));
        Volatile.Write(ref Ends[row + 1], at + key.Length);
    }

    /// <summary>Lets a row's key lead to the row. Returns the row that it led to before, or -1.</summary>
    public int Point(int row)
    {
        if (_slots.IsFull) Volatile.Write(ref _slots, _slots.Grown());
        var key = this[row];
        var hash = KeyHash.Of(key, Seed);
        var slot = _slots.First(hash);
        for (; _slots[slot] is { Row: >= 0 } held; slot = _slots.After(slot))
        {
            if (held.Hash != hash || !this[held.Row].SequenceEqual(key)) continue;
            _slots.Set(slot, hash, row);
            return held.Row;
        }

        _slots.Set(slot, hash, row);
        _slots.Used++;
        return -1;
    }

    /// <summary>The row that a key leads to, which may be deleted; -1 if there is none.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var slots = Slots;
        var hash = KeyHash.Of(key, Seed);
        var found = -1;
        for (var slot = slots.First(hash); slots[slot] is { Row: >= 0 } held; slot = slots.After(slot))
        {
            if (held.Hash != hash || !this[held.Row].SequenceEqual(key)) continue;
            found = held.Row;
            break;
        }

        GC.KeepAlive(slots);
        return found;
    }

    /// <summary>Uses a table that lies in a file.</summary>
    public void Adopt(int used) => _slots.Used = used;

    public void Dispose()
    {
        _ends.Dispose();
        _text.Dispose();
        _slots.Dispose();
    }
}
