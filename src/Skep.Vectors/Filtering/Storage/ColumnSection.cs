using System.Buffers;
using System.Runtime.InteropServices;

namespace Skep.Vectors.Filtering;

/// <summary>
/// The columns of a view as bytes: a head with schema and rows, then for each field how many bytes follow, which rows have it, and their values. Codes of strings come in the order
/// of their first row, so that those which a view knows are the first ones of a dictionary that went on growing; readers check that.
/// </summary>
internal static class ColumnSection
{
    /// <summary>What it is called in messages.</summary>
    public const string What = "section of metadata";

    /// <summary>Bytes before the first field.</summary>
    public const int HeadBytes = 13;

    private const int Magic = 0x4346_4B53; // "SKFC"
    private const int Version = 1;

    public static void Write(FieldView view, IBufferWriter<byte> writer)
    {
        writer.Int32(Magic);
        writer.UInt16(Version);
        writer.Byte(view.Schema.IsOpen ? 1 : 0);
        writer.Int32(view.Rows);
        writer.UInt16(view.Slots.Length);
        var present = new ulong[BitWords.Words(view.Rows)];
        var field = new ArrayBufferWriter<byte>();
        for (var i = 0; i < view.Slots.Length; i++)
        {
            var column = view.Slots[i].Column;
            writer.Text(view.Schema.Fields[i].Name);
            writer.Byte((int)view.Schema.Fields[i].Type);
            column.Present.CopyTo(present, view.Rows);
            field.ResetWrittenCount();
            Words(field, present);
            Values(column, RowSet.FromBits(present, view.Rows), field);
            writer.Int64(field.WrittenCount);
            writer.Write(field.WrittenSpan);
        }
    }

    public static FieldColumns Read(ReadOnlySpan<byte> section)
    {
        var reader = new FieldReader(section, What);
        var (isOpen, rows, count) = Head(ref reader);
        var fields = new Field[count];
        var slots = new ColumnSlot[count];
        for (var i = 0; i < count; i++)
        {
            fields[i] = FieldHead(ref reader, out var length);
            slots[i] = new ColumnSlot(Values(fields[i], rows, length, ref reader));
        }

        if (reader.Left != 0)
        {
            throw reader.Damaged($"{reader.Left} bytes follow its end");
        }

        var schema = Schema(fields, isOpen, reader);
        var made = new FieldColumns(schema);
        made.Publish(schema, slots, rows);
        return made;
    }

    /// <summary>Reads the values of one field, which lie at the place that <see cref="ColumnHeads"/> tells.</summary>
    /// <param name="field">The field.</param>
    /// <param name="rows">How many rows the section has.</param>
    /// <param name="bytes">All of the field's bytes.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.Damaged"/>: the bytes contradict themselves.</exception>
    public static Column ReadColumn(Field field, int rows, ReadOnlySpan<byte> bytes)
    {
        var reader = new FieldReader(bytes, What);
        return Values(field, rows, bytes.Length, ref reader);
    }

    /// <summary>Reads what stands before the first field: whether the schema is open, how many rows and how many fields there are.</summary>
    public static (bool IsOpen, int Rows, int Fields) Head(ref FieldReader reader)
    {
        if (reader.Int32() != Magic)
        {
            throw reader.Damaged("it does not begin as one");
        }

        if (reader.UInt16() is var version and not Version)
        {
            throw new VectorException(VectorFault.Incompatible, $"The section of metadata is of version {version}, and this program reads version {Version}: use a program that is as new as the one that wrote it.");
        }

        var (isOpen, rows, fields) = (reader.Flag(), reader.Int32(), reader.UInt16());
        if (rows < 0)
        {
            throw reader.Damaged($"it claims {rows} rows");
        }

        return fields <= FieldLimits.MaxFields ? (isOpen, rows, fields) : throw reader.Damaged($"it claims {fields} fields, and {FieldLimits.MaxFields} are allowed");
    }

    /// <summary>Reads what stands before a field's values: its name, its type, and how many bytes follow.</summary>
    public static Field FieldHead(ref FieldReader reader, out long bytes)
    {
        var field = new Field(reader.Text(), (FieldType)reader.Byte());
        bytes = reader.Int64();
        return field.Type is >= FieldType.Text and <= FieldType.Tags ? field : throw reader.Damaged($"there is no type {(int)field.Type}");
    }

    /// <summary>The schema of fields that were read.</summary>
    public static FieldSchema Schema(Field[] fields, bool isOpen, FieldReader reader)
    {
        try
        {
            return new FieldSchema(fields, isOpen);
        }
        catch (VectorException e)
        {
            throw reader.Damaged($"its schema is impossible ({e.Message})");
        }
    }

    private static Column Values(Field field, int rows, long length, ref FieldReader reader)
    {
        var (column, start) = (Column.Of(field.Type), reader.At);
        Fill(column, Bits(ref reader, rows), ref reader);
        return reader.At - start == length ? column : throw reader.Damaged($"the field '{field.Name}' takes {reader.At - start} bytes, and {length} were announced");
    }

    private static void Words(IBufferWriter<byte> writer, ReadOnlySpan<ulong> words)
    {
        foreach (var word in words)
        {
            writer.Int64((long)word);
        }
    }

    private static RowSet Bits(ref FieldReader reader, int rows)
    {
        var words = MemoryMarshal.Cast<long, ulong>(reader.Int64s(BitWords.Words(rows))).ToArray();
        return (rows & 63) != 0 && words[^1] >> rows != 0 ? throw reader.Damaged("a row beyond the last one has a value") : RowSet.Own(words, rows);
    }

    private static void Values(Column column, RowSet present, IBufferWriter<byte> writer)
    {
        switch (column)
        {
            case TextColumn text:
                var last = -1;
                foreach (var row in present)
                {
                    last = Math.Max(last, text.Code(row));
                }

                Texts(text.Dictionary, last + 1, writer);
                foreach (var row in present)
                {
                    writer.Int32(text.Code(row));
                }

                break;
            case TagColumn tags:
                WriteTags(tags, present, writer);
                break;
            case FlagColumn flags:
                var set = new ulong[present.Words.Length];
                flags.True.CopyTo(set, present.Rows);
                Words(writer, set);
                break;
            case RangeColumn<double> numbers:
                var values = numbers.Values(present.Rows);
                foreach (var row in present)
                {
                    writer.Int64(BitConverter.DoubleToInt64Bits(values[row]));
                }

                break;
            case RangeColumn<long> times:
                var ticks = times.Values(present.Rows);
                foreach (var row in present)
                {
                    writer.Int64(ticks[row]);
                }

                break;
        }
    }

    private static void WriteTags(TagColumn tags, RowSet present, IBufferWriter<byte> writer)
    {
        var last = -1;
        foreach (var row in present)
        {
            foreach (var code in tags.Codes(row))
            {
                last = Math.Max(last, code);
            }
        }

        Texts(tags.Dictionary, last + 1, writer);
        foreach (var row in present)
        {
            var codes = tags.Codes(row);
            writer.Byte(codes.Length);
            foreach (var code in codes)
            {
                writer.Int32(code);
            }
        }
    }

    private static void Texts(TextDictionary dictionary, int count, IBufferWriter<byte> writer)
    {
        writer.Int32(count);
        for (var code = 0; code < count; code++)
        {
            writer.Text(dictionary[code]);
        }
    }

    private static void Fill(Column column, RowSet present, ref FieldReader reader)
    {
        switch (column)
        {
            case TextColumn text:
                FillTexts(text, present, ref reader);
                break;
            case TagColumn tags:
                FillTags(tags, present, ref reader);
                break;
            case FlagColumn flags:
                flags.Fill(present, Bits(ref reader, present.Rows));
                break;
            case RangeColumn<double> numbers:
                var read = MemoryMarshal.Cast<long, double>(reader.Int64s(present.Count)).ToArray();
                for (var i = 0; i < read.Length; i++)
                {
                    // Minus zero is zero.
                    read[i] += 0.0;
                    if (!double.IsFinite(read[i])) throw Bad(FieldValue.Number(read[i]), reader);
                }

                numbers.Fill(present, read);
                break;
            case RangeColumn<long> times:
                var instants = reader.Int64s(present.Count);
                foreach (var instant in instants)
                {
                    if ((ulong)instant > (ulong)DateTime.MaxValue.Ticks) throw Bad(FieldValue.Time(instant), reader);
                }

                times.Fill(present, instants);
                break;
        }
    }

    private static VectorException Bad(FieldValue value, FieldReader reader) => reader.Damaged($"of a row, {value.Fault()}");

    private static void FillTexts(TextColumn column, RowSet present, ref FieldReader reader)
    {
        var texts = Texts(column.Dictionary, ref reader);
        var codes = reader.Int32s(present.Count);
        var seen = 0;
        foreach (var code in codes)
        {
            Known(code, texts, ref seen, ref reader);
        }

        All(texts, seen, ref reader);
        column.Fill(present, codes);
    }

    private static void FillTags(TagColumn column, RowSet present, ref FieldReader reader)
    {
        var texts = Texts(column.Dictionary, ref reader);
        var seen = 0;
        foreach (var row in present)
        {
            var count = reader.Count(reader.Byte(), 4);
            var start = column.Reserve(row, count);
            string? before = null;
            for (var i = 0; i < count; i++)
            {
                var code = reader.Int32();
                var isNew = Known(code, texts, ref seen, ref reader);
                var tag = column.Dictionary[code];
                before = before is null || string.CompareOrdinal(before, tag) < 0 ? tag : throw reader.Damaged($"the tags of row {row} are out of order");
                column.Add(row, code, isNew);
            }

            column.Close(row, before is null ? throw reader.Damaged($"row {row} has an empty set of tags") : start);
        }

        All(texts, seen, ref reader);
    }

    /// <summary>Reads a dictionary; its codes are its places, because none is there twice.</summary>
    private static int Texts(TextDictionary dictionary, ref FieldReader reader)
    {
        var count = reader.Count(reader.Int32(), 2);
        for (var i = 0; i < count; i++)
        {
            var text = reader.Text();
            if (FieldText.Fault(text) is { } fault)
            {
                throw reader.Damaged($"of a string, {fault}");
            }

            dictionary.Add(text, out var isNew);
            if (!isNew)
            {
                throw reader.Damaged("a string is there twice");
            }
        }

        return count;
    }

    /// <summary>Checks a code, and says whether it is new. New ones come in rising order without gaps.</summary>
    private static bool Known(int code, int texts, ref int seen, ref FieldReader reader)
    {
        var isNew = code == seen;
        if (code < 0 || code > seen || code >= texts)
        {
            throw reader.Damaged($"code {code} of {texts} strings comes before code {seen}");
        }

        seen += isNew ? 1 : 0;
        return isNew;
    }

    private static void All(int texts, int seen, ref FieldReader reader)
    {
        if (seen != texts)
        {
            throw reader.Damaged($"of {texts} strings, only {seen} belong to rows");
        }
    }
}
