using System.Buffers.Binary;

namespace Skep.Vectors.Collections;

/// <summary>What a record of a log says.</summary>
internal enum LogRecordKind
{
    /// <summary>Records are put in, in place of those with the same keys.</summary>
    Upsert = 1,

    /// <summary>Keys are taken out.</summary>
    Delete = 2,

    /// <summary>The collection was closed: everything before this was acknowledged.</summary>
    Close = 3,
}

/// <summary>The head of a record. Records begin at multiples of 8 bytes.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Length">Bytes of what it says, without the zeros that follow.</param>
/// <param name="Sequence">Its number: one more than that of the record before.</param>
/// <param name="Acknowledged">The last record that was known to be on disk when this one was written. It tells a record that was lost from one that was never acknowledged.</param>
/// <param name="Checksum">Of what it says.</param>
internal readonly record struct LogRecord(LogRecordKind Kind, int Length, ulong Sequence, ulong Acknowledged, uint Checksum)
{
    public const int HeadBytes = 40;

    /// <summary>Records are refused before they get longer.</summary>
    public const int MaxLength = 256 << 20;

    private const uint Magic = 0x5256_4B53; // "SKVR"

    /// <summary>Bytes from this record's head to the next one's.</summary>
    public long Total => HeadBytes + Padded(Length);

    public static long Padded(int length) => (length + 7L) & ~7L;

    public void Write(Span<byte> head)
    {
        head[..HeadBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(head[16..], Acknowledged);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], (int)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(head[28..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(head[36..], Crc.Of(head[..36]));
    }

    /// <summary>Reads a head; null if these bytes are none.</summary>
    public static LogRecord? Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[36..]) != Crc.Of(head[..36])) return null;
        return new LogRecord(
            (LogRecordKind)BinaryPrimitives.ReadInt32LittleEndian(head[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(head[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[28..]));
    }
}
