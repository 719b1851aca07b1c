namespace Skep.Memory.Tables;

/// <summary>What is written into an entry's row, apart from its numbers.</summary>
internal readonly record struct EntryContent(MemoryContentType Type, long Created, long Updated, long? Expires, MemoryAuthor Author, ReadOnlyMemory<byte> Value);
