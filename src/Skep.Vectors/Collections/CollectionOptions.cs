using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>What a collection holds and how it is kept.</summary>
public sealed record CollectionOptions
{
    /// <summary>Records in one batch.</summary>
    public const int MaxBatch = 50_000;

    /// <summary>Vectors and the index over them. Dimension, metric, codes and M are those of the files for as long as the files exist; the rest may change each time they are opened.</summary>
    public required VectorIndexOptions Index { get; init; }

    /// <summary>Fields of the records. More may be declared later; the type of one that is there stays.</summary>
    public FieldSchema Schema { get; init; } = FieldSchema.Open;

    /// <summary>Threads that move new records into the graph in the background; 0 for one less than there are processors, at least one. While inserts wait for room, all processors do.</summary>
    public int LinkThreads { get; init; }

    /// <summary>New records that may wait for the graph. They are found by a scan meanwhile; inserts wait when there are more.</summary>
    public int MaxUnlinked { get; init; } = 50_000;

    /// <summary>Compact by itself in the background: when the log has grown longer than the segment and <see cref="CompactAfterLogBytes"/>, or a third of the rows is deleted.</summary>
    public bool AutoCompact { get; init; } = true;

    /// <summary>Bytes of log that are never worth a compaction.</summary>
    public long CompactAfterLogBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Copy codes and links of the segment into memory once they are checked: searches are faster and do not depend on what the system keeps of the file.
    /// Vectors in full precision stay in the mapped file either way.
    /// </summary>
    public bool KeepGraphInMemory { get; init; } = true;

    /// <summary>Check every byte of the files before the collection is there. Otherwise what is large is checked in the background.</summary>
    public bool VerifyOnOpen { get; init; }

    /// <summary>Go on without records that are damaged beyond repair, and say which. Otherwise damaged files are refused.</summary>
    public bool AcceptLoss { get; init; }

    /// <summary>Refuses values out of their bounds.</summary>
    /// <exception cref="VectorException">A value is out of its bounds.</exception>
    public void Check()
    {
        Index.Check();
        if (LinkThreads < 0 || MaxUnlinked < 1 || CompactAfterLogBytes < 0) throw new VectorException(VectorFault.BadArgument, "a collection's LinkThreads and CompactAfterLogBytes must not be negative, and MaxUnlinked must be at least 1");
    }

    internal int EffectiveLinkThreads => LinkThreads > 0 ? LinkThreads : Math.Max(1, Environment.ProcessorCount - 1);
}
