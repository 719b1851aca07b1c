using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>One row's metadata as bytes, with names, for a write-ahead log: it can be read without the schema that was there when it was written.</summary>
public static class FieldRow
{
    private const int Version = 1;

    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static int Size(FieldValues row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var size = 3L;
        foreach (var (name, value) in row)
        {
            size += FieldBytes.TextSize(name) + 1 + value.Type switch
            {
                FieldType.Text => FieldBytes.TextSize(value.AsText),
                FieldType.Flag => 1,
                FieldType.Tags => 1 + value.AsTags.Sum(FieldBytes.TextSize),
                _ => 8,
            };
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    /// <summary>Writes a row that <see cref="FieldColumns.Check"/> lets pass.</summary>
    public static void Write(FieldValues row, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        writer.UInt16(row.Count);
        foreach (var (name, value) in row)
        {
            writer.Text(name);
            writer.Byte((int)value.Type);
            WriteValue(value, writer);
        }
    }

    /// <summary>Reads a row.</summary>
    /// <param name="bytes">Bytes that start with it.</param>
    /// <param name="used">How many of them belong to it.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.Damaged"/> or, for a later version, <see cref="VectorFault.Incompatible"/>.</exception>
    public static FieldValues Read(ReadOnlySpan<byte> bytes, out int used)
    {
        var reader = new FieldReader(bytes, "metadata of a row");
        if (reader.Byte() is var version and not Version)
        {
            throw new VectorException(VectorFault.Incompatible, $"The metadata of a row is of version {version}, and this program reads version {Version}: use a program that is as new as the one that wrote it.");
        }

        var row = new FieldValues();
        for (var left = reader.UInt16(); left > 0; left--)
        {
            var name = reader.Text();
            if (FieldNames.Fault(name) is not null || row[name].Type != FieldType.None)
            {
                throw reader.Damaged("a field's name is impossible or there twice");
            }

            row[name] = Value(ref reader, (FieldType)reader.Byte());
        }

        used = reader.At;
        return row;
    }

    private static void WriteValue(FieldValue value, IBufferWriter<byte> writer)
    {
        switch (value.Type)
        {
            case FieldType.Text:
                writer.Text(value.AsText);
                break;
            case FieldType.Number:
                writer.Int64(BitConverter.DoubleToInt64Bits(value.AsNumber));
                break;
            case FieldType.Flag:
                writer.Byte(value.AsFlag ? 1 : 0);
                break;
            case FieldType.Time:
                writer.Int64(value.AsTicks);
                break;
            default:
                writer.Byte(value.AsTags.Count);
                foreach (var tag in value.AsTags)
                {
                    writer.Text(tag);
                }

                break;
        }
    }

    private static FieldValue Value(ref FieldReader reader, FieldType type)
    {
        var value = type switch
        {
            FieldType.Text => FieldValue.Text(reader.Text()),
            FieldType.Number => FieldValue.Number(BitConverter.Int64BitsToDouble(reader.Int64())),
            FieldType.Flag => FieldValue.Flag(reader.Flag()),
            FieldType.Time => FieldValue.Time(reader.Int64()),
            FieldType.Tags => Tags(ref reader),
            _ => throw reader.Damaged($"there is no type {(int)type}"),
        };
        return value.Fault() is { } fault ? throw reader.Damaged($"of a value, {fault}") : value;
    }

    private static FieldValue Tags(ref FieldReader reader)
    {
        var tags = new string[reader.Count(reader.Byte(), 2)];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = reader.Text();
        }

        return tags.Length > 0 ? FieldValue.Tags(tags) : throw reader.Damaged("a set of tags is empty");
    }
}
