namespace Skep.Embeddings.FullText;

/// <summary>
/// The documents that hold a term, in the order in which they came. One thread appends, any number read what had been appended when they began: an entry is written before the count
/// that covers it, and arrays that are outgrown are left to who reads them.
/// </summary>
internal sealed class Postings
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryBytes = sizeof(int) + sizeof(byte);

    /// <summary>Entries from which the shortest texts are kept; the most of fewer is found by looking at each.</summary>
    private const int ManyEntries = 128;

    /// <summary>Frequencies that are told apart: 1 to 7, and more.</summary>
    private const int Steps = 8;

    private Block _block = new(new int[1], new byte[1]);
    private int[]? _shortest;
    private int _count;

    /// <summary>Entries that there is room for.</summary>
    public int Capacity => _block.Documents.Length;

    /// <summary>Appends a document, which comes after all that are there.</summary>
    /// <param name="document">Its number.</param>
    /// <param name="frequency">How often it has the term.</param>
    /// <param name="lengths">Lengths of all documents, this one's included.</param>
    /// <returns>Bytes that the list has grown by.</returns>
    public int Append(int document, int frequency, int[] lengths)
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
        if (_count == ManyEntries) grown += KeepShortest(block, lengths);
        else if (_shortest is { } shortest) Note(shortest, block.Frequencies[_count], lengths[document]);
        Volatile.Write(ref _count, _count + 1);
        return grown;
    }

    /// <summary>The most that the term gives any document: exactly where it occurs less than eight times in it. What readers may see is at least that, as shorter texts only come to be known.</summary>
    public float Most(ReadOnlySpan<int> documents, ReadOnlySpan<byte> frequencies, Bm25 scores, double weight, int[] lengths)
    {
        var most = 0f;
        if (documents.Length > ManyEntries && Volatile.Read(ref _shortest) is { } shortest)
        {
            for (var step = 0; step < Steps; step++)
            {
                var frequency = step == Steps - 1 ? byte.MaxValue : (byte)(step + 1);
                if (Volatile.Read(ref shortest[step]) is var length and < int.MaxValue) most = Math.Max(most, scores.Score(weight, frequency, length));
            }

            return most;
        }

        for (var i = 0; i < documents.Length; i++) most = Math.Max(most, scores.Score(weight, frequencies[i], lengths[documents[i]]));
        return most;
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

    private static void Note(int[] shortest, byte frequency, int length)
    {
        var step = Math.Min((int)frequency, Steps) - 1;
        if (length < shortest[step]) Volatile.Write(ref shortest[step], length);
    }

    private int KeepShortest(Block block, int[] lengths)
    {
        var shortest = new int[Steps];
        Array.Fill(shortest, int.MaxValue);
        for (var i = 0; i <= _count; i++) Note(shortest, block.Frequencies[i], lengths[block.Documents[i]]);
        Volatile.Write(ref _shortest, shortest);
        return Steps * sizeof(int);
    }

    private sealed record Block(int[] Documents, byte[] Frequencies);
}
