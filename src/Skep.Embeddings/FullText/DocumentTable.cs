namespace Skep.Embeddings.FullText;

/// <summary>
/// What is known of each document, by its number: key, length in terms, and the generation in which it was removed. Numbers only grow; a text that is replaced gets a new one.
/// </summary>
/// <param name="Keys">Keys.</param>
/// <param name="Lengths">Lengths in terms.</param>
/// <param name="Removed">Generation from which on it is gone; <see cref="Never"/> while it is there.</param>
internal sealed record DocumentTable(long[] Keys, int[] Lengths, long[] Removed)
{
    /// <summary>Of a document that is there.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Bytes of a document, its place in the writer's own table by key included.</summary>
    public const int EntryBytes = sizeof(long) + sizeof(int) + sizeof(long) + 40;

    private const int First = 64;

    /// <summary>One with a little room.</summary>
    public static DocumentTable New() => new(new long[First], new int[First], new long[First]);

    /// <summary>Documents that there is room for.</summary>
    public int Capacity => Keys.Length;

    /// <summary>A copy with more room; readers keep the one they have.</summary>
    public DocumentTable Grown()
    {
        var capacity = Capacity * 2;
        var (keys, lengths, removed) = (Keys, Lengths, Removed);
        Array.Resize(ref keys, capacity);
        Array.Resize(ref lengths, capacity);
        Array.Resize(ref removed, capacity);
        return new(keys, lengths, removed);
    }
}
