namespace Skep.Storage.Writing;

/// <summary>The end of a stream as the writer knows it.</summary>
internal sealed class StreamHead(long id, string name)
{
    internal long Id { get; } = id;

    /// <summary>Checksum of the stream's name, part of the checksums of its rows.</summary>
    internal uint NameChecksum { get; } = Checksum.Of(name);

    internal long Seq { get; set; }

    internal long Created { get; set; }

    internal long Updated { get; set; }

    internal SnapshotHead? Snapshot { get; set; }

    /// <summary>Key of the event row with a sequence number.</summary>
    internal long EventId(long seq) => EventKey.Of(Id, seq);
}

/// <summary>Stream id and sequence number in one integer.</summary>
internal static class EventKey
{
    /// <summary>Largest stream id: what remains of a positive integer beside 32 bits of sequence number.</summary>
    internal const long MaxStreamId = int.MaxValue;

    internal static long Of(long stream, long seq) => (stream << 32) | seq;

    internal static long SeqOf(long key) => key & uint.MaxValue;
}
