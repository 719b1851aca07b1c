using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Skep.Storage;

/// <summary>
/// CRC-32C over everything that a row means. SQLite checks its log but not its pages: without these a flipped bit in a payload
/// would be read as truth.
/// </summary>
internal static class Checksum
{
    private const uint Start = 0xFFFF_FFFF;

    internal static uint Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    internal static uint Of(ReadOnlySpan<byte> bytes) => Add(Start, bytes);

    /// <param name="stream">Checksum of the stream's id.</param>
    /// <param name="seq">Position of the event.</param>
    /// <param name="type">Checksum of the type's name.</param>
    /// <param name="version">Version of the payload.</param>
    /// <param name="at">Time of the event.</param>
    /// <param name="payload">The payload.</param>
    internal static uint OfEvent(uint stream, long seq, uint type, int version, long at, ReadOnlySpan<byte> payload) =>
        Add(Add(Add(Add(Start, ((ulong)stream << 32) | type), (ulong)seq), (ulong)at, (uint)version), payload);

    internal static uint OfStream(uint stream, long id, long seq, long created, long updated) =>
        Add(Add(Add(Add(Add(Start, stream), (ulong)id), (ulong)seq), (ulong)created), (ulong)updated);

    internal static uint OfSummary(uint stream, ReadOnlySpan<byte> payload) => Add(Add(Start, stream), payload);

    internal static uint OfSnapshot(uint stream, SnapshotHead head) =>
        Add(Add(Add(Add(Add(Start, stream), (ulong)head.Seq), (uint)head.Version), (ulong)head.Items), (ulong)head.Digest);

    internal static uint OfSnapshotItem(uint stream, string key, ReadOnlySpan<byte> payload) =>
        Add(Add(Start, ((ulong)stream << 32) | Of(key)), payload);

    private static uint Add(uint crc, ulong value) => BitOperations.Crc32C(crc, value);

    private static uint Add(uint crc, ulong value, uint second) => BitOperations.Crc32C(BitOperations.Crc32C(crc, value), second);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}

/// <summary>What is known of a stream's stored snapshot without its items.</summary>
/// <param name="Seq">The last event that it contains.</param>
/// <param name="Version">Version of its shape.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Digest">Sum of the items' checksums: it changes with each item and tells whether all of them are there.</param>
internal readonly record struct SnapshotHead(long Seq, int Version, long Items, long Digest);
