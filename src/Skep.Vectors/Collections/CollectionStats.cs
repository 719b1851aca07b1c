namespace Skep.Vectors.Collections;

/// <summary>How large a collection is, and what it is doing.</summary>
public sealed record CollectionStats
{
    /// <summary>Records.</summary>
    public required int Live { get; init; }

    /// <summary>Rows, those of deleted and replaced records among them until the next compaction.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that are in the graph; the others are scanned.</summary>
    public required int Linked { get; init; }

    /// <summary>Bytes of vectors in full precision that are in the process's own memory.</summary>
    public required long RowBytes { get; init; }

    /// <summary>Bytes of vectors in full precision that lie in the mapped segment: the system gives them memory while it has some to spare.</summary>
    public required long MappedRowBytes { get; init; }

    /// <summary>Bytes of codes and links, which searches want in memory.</summary>
    public required long GraphBytes { get; init; }

    /// <summary>Bytes of keys and the table that finds them.</summary>
    public required long KeyBytes { get; init; }

    /// <summary>Bytes of metadata in memory, about.</summary>
    public required long FieldBytes { get; init; }

    /// <summary>Bytes of metadata in the segment that nobody has asked for yet: a field is read when a filter or a search first wants it.</summary>
    public required long UnreadFieldBytes { get; init; }

    /// <summary>Bytes of log that would be read if the collection were opened now.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Number of the segment; 0 while there is none.</summary>
    public required int Segment { get; init; }

    /// <summary>Bytes of the segment's file.</summary>
    public required long SegmentBytes { get; init; }

    /// <summary>Compactions since the collection was opened.</summary>
    public required int Compactions { get; init; }

    /// <summary>What went wrong in the background last; null if nothing did.</summary>
    public required string? BackgroundFault { get; init; }
}
