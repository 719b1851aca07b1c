using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>
/// Batches as the log holds them. Upserts: how many, the dimension, all vectors one after the other, then for each its key and fields. Deletes: how many,
/// then the keys. What is written is also what is applied, so that a replay does what was done.
/// </summary>
internal static class BatchContent
{
    private const int Head = 8;

    /// <summary>Writes upserts whose records were checked.</summary>
    public static byte[] Upserts(IReadOnlyList<VectorRecord> records, int dimension)
    {
        long size = Head;
        foreach (var record in records) size += (dimension * sizeof(float)) + 2 + Encoding.UTF8.GetByteCount(record.Key) + 4 + (record.Fields is { Count: > 0 } fields ? FieldRow.Size(fields) : 0);
        if (size > LogRecord.MaxLength) throw new VectorException(VectorFault.BadArgument, $"the batch takes {size:N0} bytes, and {LogRecord.MaxLength:N0} are allowed: insert it in smaller batches");
        var bytes = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, records.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), dimension);
        var at = Head;
        foreach (var record in records)
        {
            MemoryMarshal.AsBytes(record.Vector.Span).CopyTo(bytes.AsSpan(at));
            at += dimension * sizeof(float);
        }

        foreach (var record in records) at = Fields(bytes, WriteKey(bytes, at, record.Key), record.Fields);
        return bytes;
    }

    /// <summary>Writes deletes.</summary>
    public static byte[] Deletes(IReadOnlyList<string> keys)
    {
        var bytes = new byte[4 + keys.Sum(k => 2 + Encoding.UTF8.GetByteCount(k))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, keys.Count);
        var at = 4;
        foreach (var key in keys) at = WriteKey(bytes, at, key);
        return bytes;
    }

    private static int WriteKey(byte[] bytes, int at, string key)
    {
        var length = Encoding.UTF8.GetBytes(key, bytes.AsSpan(at + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)length);
        return at + 2 + length;
    }

    private static int Fields(byte[] bytes, int at, FieldValues? fields)
    {
        if (fields is not { Count: > 0 }) return at + 4;
        var writer = new ArrayBufferWriter<byte>(FieldRow.Size(fields));
        FieldRow.Write(fields, writer);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), writer.WrittenCount);
        writer.WrittenSpan.CopyTo(bytes.AsSpan(at + 4));
        return at + 4 + writer.WrittenCount;
    }

    /// <summary>Reads upserts one after the other.</summary>
    public ref struct UpsertReader
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly int _dimension;
        private int _vector, _at, _left;

        public UpsertReader(ReadOnlySpan<byte> bytes)
        {
            _bytes = bytes;
            _left = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            _dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            _vector = Head;
            _at = Head + (_left * _dimension * sizeof(float));
        }

        public ReadOnlySpan<byte> Key { get; private set; }

        public ReadOnlySpan<float> Vector { get; private set; }

        public FieldValues Fields { get; private set; } = [];

        public bool Next()
        {
            if (_left-- == 0) return false;
            Vector = MemoryMarshal.Cast<byte, float>(_bytes.Slice(_vector, _dimension * sizeof(float)));
            _vector += _dimension * sizeof(float);
            Key = KeyAt(_bytes, _at);
            _at += 2 + Key.Length;
            var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes[_at..]);
            Fields = length == 0 ? [] : FieldRow.Read(_bytes.Slice(_at + 4, length), out _);
            _at += 4 + length;
            return true;
        }
    }

    /// <summary>Reads deleted keys one after the other.</summary>
    public ref struct DeleteReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at = 4, _left = BinaryPrimitives.ReadInt32LittleEndian(bytes);

        public ReadOnlySpan<byte> Key { get; private set; }

        public bool Next()
        {
            if (_left-- == 0) return false;
            Key = KeyAt(_bytes, _at);
            _at += 2 + Key.Length;
            return true;
        }
    }

    private static ReadOnlySpan<byte> KeyAt(ReadOnlySpan<byte> bytes, int at) => bytes.Slice(at + 2, BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]));
}
