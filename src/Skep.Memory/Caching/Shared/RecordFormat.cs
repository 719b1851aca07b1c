using System.Buffers.Binary;

namespace Skep.Memory.Caching;

/// <summary>
/// A record's bytes: the order (8, big-endian, first because Redis' script compares it), format (1), when it was the latest (8), when it expires (8, -1 for never),
/// whether there is a value (1), a checksum of all that and the value (8), the value.
/// </summary>
internal static class RecordFormat
{
    private const int Header = 34;
    private const byte Format = 1;

    internal static byte[] Write(in SharedRecord record)
    {
        var value = record.Value ?? default;
        var bytes = new byte[Header + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, record.Order);
        bytes[8] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), record.AsOf);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), record.Expires ?? -1);
        bytes[25] = (byte)(record.Value is null ? 0 : 1);
        value.Span.CopyTo(bytes.AsSpan(Header));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(26), Checksum(bytes));
        return bytes;
    }

    /// <summary>The record; null when the bytes are not one.</summary>
    internal static SharedRecord? Read(ReadOnlyMemory<byte> memory)
    {
        var bytes = memory.Span;
        if (bytes.Length < Header || bytes[8] != Format || bytes[25] > 1 || (bytes[25] == 0 && bytes.Length != Header)) return null;
        if (BinaryPrimitives.ReadUInt64BigEndian(bytes[26..]) != Checksum(bytes)) return null;
        var (order, asOf, expires) = (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), BinaryPrimitives.ReadInt64BigEndian(bytes[17..]));
        if (order < 0 || order > CacheOrder.Of(Versioned<object>.MaxVersion, absent: true) || asOf < 0 || asOf > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || expires < -1 || (order & 1) == bytes[25]) return null;
        return new SharedRecord(order, asOf, expires < 0 ? null : expires, bytes[25] == 0 ? (ReadOnlyMemory<byte>?)null : memory[Header..]);
    }

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in bytes[..26]) hash = (hash ^ b) * 1_099_511_628_211;
        foreach (var b in bytes[Header..]) hash = (hash ^ b) * 1_099_511_628_211;
        return hash;
    }
}
