namespace Skep.Vectors.Filtering;

/// <summary>
/// Gives each distinct string a code, counting from 0. One writer adds while others look up without locks: a string is written before the slot that leads
/// to it, and a table that grows is a new one. Hashes are the runtime's, which differ from process to process, so that nobody can choose strings that collide.
/// </summary>
internal sealed class TextDictionary
{
    private string[] _texts = new string[16];

    // Each slot holds a code plus one; 0 is free. The length is a power of two, at most half full.
    private int[] _slots = new int[32];
    // The writer's alone: growing would otherwise read every string again.
    private int[] _hashes = new int[16];
    private int _count;
    private long _characters;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => (Volatile.Read(ref _texts).Length * 8L) + (Volatile.Read(ref _slots).Length * 4L) + (Volatile.Read(ref _characters) * 2) + (Count * 26L);

    public string this[int code] => Volatile.Read(ref _texts)[code];

    /// <summary>The code of a string, or -1 where nobody added it.</summary>
    public int Find(string text) => Find(text, Hash(text));

    /// <summary>The code of a string, which may be new.</summary>
    public int Add(string text, out bool isNew)
    {
        var hash = Hash(text);
        var code = Find(text, hash);
        isNew = code < 0;
        if (!isNew)
        {
            return code;
        }

        code = _count;
        if (code == _texts.Length)
        {
            var grown = new string[code * 2];
            _texts.CopyTo(grown, 0);
            Volatile.Write(ref _texts, grown);
            Array.Resize(ref _hashes, grown.Length);
        }

        (_texts[code], _hashes[code]) = (text, hash);
        _characters += text.Length;
        Enter(code, hash);
        Volatile.Write(ref _count, code + 1);
        return code;
    }

    /// <summary>The strings by code, as far as they are known now.</summary>
    public ReadOnlySpan<string> Texts(out int count)
    {
        count = Count;
        return Volatile.Read(ref _texts).AsSpan(0, count);
    }

    private int Find(string text, int hash)
    {
        var slots = Volatile.Read(ref _slots);
        var texts = Volatile.Read(ref _texts);
        for (var at = hash & (slots.Length - 1); ; at = (at + 1) & (slots.Length - 1))
        {
            var code = Volatile.Read(ref slots[at]) - 1;
            if (code < 0)
            {
                return -1;
            }

            // A slot that was filled since then may lead beyond the array that was taken first: no reader's rows have that string.
            if (code < texts.Length && texts[code] is { } known && known == text)
            {
                return code;
            }
        }
    }

    private static int Hash(string text)
    {
        // The low bits choose the slot.
        var hash = (uint)StringComparer.Ordinal.GetHashCode(text);
        return (int)((hash ^ (hash >> 15)) & int.MaxValue);
    }

    private static void Place(int[] slots, int code, int hash)
    {
        var at = hash & (slots.Length - 1);
        while (slots[at] != 0)
        {
            at = (at + 1) & (slots.Length - 1);
        }

        Volatile.Write(ref slots[at], code + 1);
    }

    private void Enter(int code, int hash)
    {
        if ((code + 1) * 2L <= _slots.Length)
        {
            Place(_slots, code, hash);
            return;
        }

        var grown = new int[_slots.Length * 2];
        for (var earlier = 0; earlier <= code; earlier++)
        {
            Place(grown, earlier, _hashes[earlier]);
        }

        Volatile.Write(ref _slots, grown);
    }
}
