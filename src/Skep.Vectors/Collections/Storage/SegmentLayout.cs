namespace Skep.Vectors.Collections;

/// <summary>The parts of a segment. The numbers stand in files.</summary>
internal enum SegmentPart
{
    /// <summary>Rows in full precision, padded as in memory.</summary>
    Rows = 1,

    /// <summary>What the codes are calibrated to.</summary>
    Codec = 2,

    /// <summary>Codes of rows.</summary>
    Codes = 3,

    /// <summary>Numbers beside the codes.</summary>
    Parts = 4,

    /// <summary>Links on level 0.</summary>
    Level0 = 5,

    /// <summary>Each row's level.</summary>
    Levels = 6,

    /// <summary>Where a row's links above level 0 are.</summary>
    UpperAt = 7,

    /// <summary>Links above level 0.</summary>
    Upper = 8,

    /// <summary>Where each row's key begins.</summary>
    KeyEnds = 9,

    /// <summary>Keys in UTF-8.</summary>
    KeyText = 10,

    /// <summary>The table from keys to rows.</summary>
    KeySlots = 11,

    /// <summary>Columns of fields.</summary>
    Fields = 12,
}

/// <summary>Where a part lies in the file.</summary>
/// <param name="Part">Which.</param>
/// <param name="Offset">Its first byte, a multiple of the page alignment.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="FirstBlock">Which of the file's checksums is that of its first block.</param>
internal readonly record struct SegmentSection(SegmentPart Part, long Offset, long Length, int FirstBlock)
{
    /// <summary>Bytes that share a checksum.</summary>
    public const int BlockBytes = 1 << 20;

    /// <summary>Blocks of the part; the last may be shorter.</summary>
    public int Blocks => (int)((Length + BlockBytes - 1) / BlockBytes);

    /// <summary>Bytes of one of its blocks.</summary>
    public int BytesOf(int block) => (int)Math.Min(BlockBytes, Length - ((long)block * BlockBytes));
}

/// <summary>Numbers about a segment's rows, keys and graph.</summary>
internal sealed record SegmentFacts
{
    /// <summary>Rows, all of them alive when the segment was written.</summary>
    public required int Rows { get; init; }

    /// <summary>The last log record that the segment contains.</summary>
    public required ulong Sequence { get; init; }

    public required int Dimension { get; init; }

    public required VectorMetric Metric { get; init; }

    public required VectorCodes Codes { get; init; }

    public required int M { get; init; }

    /// <summary>Rows that are in the graph: the first ones.</summary>
    public required int Linked { get; init; }

    /// <summary>Where walks begin.</summary>
    public required int Entry { get; init; }

    public required int EntryLevel { get; init; }

    /// <summary>Blocks of links above level 0.</summary>
    public required int UpperUsed { get; init; }

    /// <summary>What keys are hashed with.</summary>
    public required ulong KeySeed { get; init; }

    /// <summary>Slots of the key table.</summary>
    public required int KeyCapacity { get; init; }
}
