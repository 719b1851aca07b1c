using System.Buffers.Binary;
using System.Numerics;

namespace Skep.Vectors.Collections;

/// <summary>CRC-32C, by the processor's own instruction where it has one.</summary>
internal static class Crc
{
    /// <summary>What a checksum starts from, so that leading zeros count.</summary>
    public const uint Start = 0xFFFF_FFFF;

    public static uint Of(ReadOnlySpan<byte> bytes) => Add(Start, bytes);

    /// <summary>Goes on with a checksum: the pieces of a whole give the whole's.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
