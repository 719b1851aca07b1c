using System.Buffers.Binary;

namespace Skep.Vectors.Collections;

/// <summary>How a log begins: which one it is, and the last record before it, so that a log that is missing or was cut is noticed.</summary>
/// <param name="Number">The log's number.</param>
/// <param name="Base">Sequence number of the last record of the log before.</param>
internal readonly record struct LogHeader(int Number, ulong Base)
{
    public const int Bytes = 32;

    private const uint Magic = 0x4C56_4B53; // "SKVL"

    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Manifest.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), Base);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Bytes - 4), Crc.Of(bytes.AsSpan(0, Bytes - 4)));
        return bytes;
    }

    /// <summary>Reads it; null if it is not one.</summary>
    /// <exception cref="VectorException">It is of a later version.</exception>
    public static LogHeader? Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Bytes - 4)..]) != Crc.Of(bytes[..(Bytes - 4)])) return null;
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (version != Manifest.Version) throw new VectorException(VectorFault.Incompatible, $"the log '{path}' is of version {version}, and this program reads version {Manifest.Version}: use a program that is as new as the one that wrote it");
        return new LogHeader(BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }
}
