namespace Skep.Memory.Tables;

/// <summary>What is written into an entry's row, apart from its numbers.</summary>
internal readonly record struct EntryContent(MemoryContentType Type, long Created, long Updated, long? Expires, MemoryAuthor Author, ReadOnlyMemory<byte> Value)
{
    /// <summary>Tags, in ordinal order; null for none.</summary>
    internal IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A vector that the caller brought; null for none.</summary>
    internal EntryVector? Vector { get; init; }
}
