using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Skep.Vectors.Filtering;

/// <summary>Writes numbers and strings little-endian.</summary>
internal static class FieldBytes
{
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Byte(this IBufferWriter<byte> writer, int value)
    {
        writer.GetSpan(1)[0] = checked((byte)value);
        writer.Advance(1);
    }

    public static void UInt16(this IBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(writer.GetSpan(2), checked((ushort)value));
        writer.Advance(2);
    }

    public static void Int32(this IBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }

    public static void Int64(this IBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    /// <summary>The length in two bytes, then the string.</summary>
    public static void Text(this IBufferWriter<byte> writer, string text)
    {
        var length = Utf8.GetByteCount(text);
        writer.UInt16(length);
        writer.Advance(Utf8.GetBytes(text, writer.GetSpan(length)));
    }

    public static int TextSize(string text) => 2 + Encoding.UTF8.GetByteCount(text);
}

/// <summary>Reads what <see cref="FieldBytes"/> writes, and refuses what cannot be.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="what">What they are, for messages.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _what = what;

    /// <summary>How many bytes were read.</summary>
    public int At { get; private set; }

    public readonly int Left => _bytes.Length - At;

    public int Byte() => Take(1)[0];

    public bool Flag()
    {
        var flag = Byte();
        return flag <= 1 ? flag == 1 : throw Damaged($"a bool is {flag}");
    }

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>So many 32-bit numbers.</summary>
    public int[] Int32s(int count)
    {
        var numbers = new int[Count(count, sizeof(int))];
        MemoryMarshal.Cast<byte, int>(Take(count * sizeof(int))).CopyTo(numbers);
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
        return numbers;
    }

    /// <summary>So many 64-bit numbers.</summary>
    public long[] Int64s(int count)
    {
        var numbers = new long[Count(count, sizeof(long))];
        MemoryMarshal.Cast<byte, long>(Take(count * sizeof(long))).CopyTo(numbers);
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
        return numbers;
    }

    public string Text()
    {
        var utf8 = Take(UInt16());
        try
        {
            return FieldBytes.Utf8.GetString(utf8);
        }
        catch (ArgumentException)
        {
            throw Damaged("a string is no UTF-8");
        }
    }

    /// <summary>A count of things that each take some bytes at least: a count that the rest has no room for is refused before room is made for it.</summary>
    public int Count(int count, int bytesEach) =>
        count >= 0 && (long)count * bytesEach <= Left ? count : throw Damaged($"{count} entries do not fit into the {Left} bytes that are left");

    public readonly VectorException Damaged(string how) =>
        new(VectorFault.Damaged, $"The {_what} is damaged at byte {At} of {_bytes.Length}: {how}. Restore it from a copy, or rebuild it from the log.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw Damaged($"{count} more bytes were expected, and {Left} are left");
        }

        At += count;
        return _bytes.Slice(At - count, count);
    }
}
