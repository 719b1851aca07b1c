namespace Skep.Embeddings.FullText;

/// <summary>
/// The documents that hold a term, in the order in which they came. One thread appends, any number read what had been appended when they began: an entry is written before the count
/// that covers it, and arrays that are outgrown are left to who reads them.
/// </summary>
internal sealed class Postings
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryBytes = sizeof(int) + sizeof(byte);

    private Block _block = new(new int[1], new byte[1]);
    private int _count;

    /// <summary>Entries that there is room for.</summary>
    public int Capacity => _block.Documents.Length;

    /// <summary>Appends a document, which comes after all that are there.</summary>
    /// <returns>Bytes that the list has grown by.</returns>
    public int Append(int document, int frequency)
    {
        var (block, grown) = (_block, 0);
        if (_count == block.Documents.Length)
        {
            var capacity = Grown(_count);
            grown = (capacity - _count) * EntryBytes;
            var (documents, frequencies) = (block.Documents, block.Frequencies);
            Array.Resize(ref documents, capacity);
            Array.Resize(ref frequencies, capacity);
            block = new(documents, frequencies);
            Volatile.Write(ref _block, block);
        }

        block.Documents[_count] = document;
        block.Frequencies[_count] = (byte)Math.Min(frequency, byte.MaxValue);
        Volatile.Write(ref _count, _count + 1);
        return grown;
    }

    /// <summary>Capacity after an array of this length was outgrown.</summary>
    public static int Grown(int capacity) => capacity + Math.Max(1, capacity / 2);

    /// <summary>Documents below a number, and how often each has the term.</summary>
    public (ReadOnlyMemory<int> Documents, ReadOnlyMemory<byte> Frequencies) Below(int end)
    {
        var count = Volatile.Read(ref _count);
        var block = Volatile.Read(ref _block);
        var found = block.Documents.AsSpan(0, count).BinarySearch(end);
        var length = found < 0 ? ~found : found;
        return (block.Documents.AsMemory(0, length), block.Frequencies.AsMemory(0, length));
    }

    private sealed record Block(int[] Documents, byte[] Frequencies);
}
