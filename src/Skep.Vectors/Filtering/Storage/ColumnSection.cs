using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>
/// The columns of a view as bytes: a head with schema and rows, then for each field how many bytes follow, which rows have it, and their values. Codes of strings come in the order
/// of their first row, so that those which a view knows are the first ones of a dictionary that went on growing; readers check that.
/// </summary>
internal static class ColumnSection
{
    private const int Magic = 0x4346_4B53; // "SKFC"
    private const int Version = 1;

    public static void Write(FieldView view, IBufferWriter<byte> writer)
    {
        writer.Int32(Magic);
        writer.UInt16(Version);
        writer.Byte(view.Schema.IsOpen ? 1 : 0);
        writer.Int32(view.Rows);
        writer.UInt16(view.Schema.Fields.Count);
        var present = new ulong[BitWords.Words(view.Rows)];
        var field = new ArrayBufferWriter<byte>();
        for (var i = 0; i < view.Columns.Length; i++)
        {
            writer.Text(view.Schema.Fields[i].Name);
            writer.Byte((int)view.Schema.Fields[i].Type);
            view.Columns[i].Present.CopyTo(present, view.Rows);
            field.ResetWrittenCount();
            Words(field, present);
            Values(view.Columns[i], RowSet.FromBits(present, view.Rows), field);
            writer.Int64(field.WrittenCount);
            writer.Write(field.WrittenSpan);
        }
    }

    public static FieldColumns Read(ReadOnlySpan<byte> section)
    {
        var reader = new FieldReader(section, "section of metadata");
        var open = Head(ref reader);
        var rows = reader.Int32();
        var fields = new Field[reader.Count(reader.UInt16(), 3)];
        var columns = new Column[fields.Length];
        if (rows < 0)
        {
            throw reader.Damaged($"it claims {rows} rows");
        }

        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new Field(reader.Text(), (FieldType)reader.Byte());
            columns[i] = fields[i].Type is >= FieldType.Text and <= FieldType.Tags ? Column.Of(fields[i].Type) : throw reader.Damaged($"there is no type {(int)fields[i].Type}");
            var (length, start) = (reader.Int64(), reader.At);
            var present = Bits(ref reader, rows);
            Fill(columns[i], present, ref reader);
            if (reader.At - start != length)
            {
                throw reader.Damaged($"the field '{fields[i].Name}' takes {reader.At - start} bytes, and {length} were announced");
            }
        }

        return reader.Left == 0 ? Made(fields, open, columns, rows, reader) : throw reader.Damaged($"{reader.Left} bytes follow its end");
    }

    private static FieldColumns Made(Field[] fields, bool open, Column[] columns, int rows, FieldReader reader)
    {
        try
        {
            var schema = new FieldSchema(fields, open);
            var made = new FieldColumns(schema);
            made.Publish(schema, columns, rows);
            return made;
        }
        catch (VectorException e)
        {
            throw reader.Damaged($"its schema is impossible ({e.Message})");
        }
    }

    private static bool Head(ref FieldReader reader)
    {
        if (reader.Int32() != Magic)
        {
            throw reader.Damaged("it does not begin as one");
        }

        if (reader.UInt16() is var version and not Version)
        {
            throw new VectorException(VectorFault.Incompatible, $"The section of metadata is of version {version}, and this program reads version {Version}: use a program that is as new as the one that wrote it.");
        }

        return reader.Flag();
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
        var words = new ulong[reader.Count(BitWords.Words(rows), 8)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (ulong)reader.Int64();
        }

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
                var set = Bits(ref reader, present.Rows);
                foreach (var row in present)
                {
                    flags.Set(row, set.Contains(row));
                }

                break;
            case RangeColumn<double> numbers:
                reader.Count(present.Count, 8);
                foreach (var row in present)
                {
                    numbers.Set(row, Kept(FieldValue.Number(BitConverter.Int64BitsToDouble(reader.Int64())), row, ref reader).AsNumber);
                }

                break;
            case RangeColumn<long> times:
                reader.Count(present.Count, 8);
                foreach (var row in present)
                {
                    times.Set(row, Kept(FieldValue.Time(reader.Int64()), row, ref reader).AsTicks);
                }

                break;
        }
    }

    private static FieldValue Kept(FieldValue value, int row, ref FieldReader reader) =>
        value.Fault() is { } fault ? throw reader.Damaged($"of row {row}, {fault}") : value;

    private static void FillTexts(TextColumn column, RowSet present, ref FieldReader reader)
    {
        var texts = Texts(column.Dictionary, ref reader);
        var seen = 0;
        reader.Count(present.Count, 4);
        foreach (var row in present)
        {
            var code = Known(texts, ref seen, ref reader, out var isNew);
            column.Set(row, code, isNew);
        }

        All(texts, seen, ref reader);
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
                var code = Known(texts, ref seen, ref reader, out var isNew);
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

    /// <summary>Reads a code. New ones come in rising order without gaps.</summary>
    private static int Known(int texts, ref int seen, ref FieldReader reader, out bool isNew)
    {
        var code = reader.Int32();
        isNew = code == seen;
        if (code < 0 || code > seen || code >= texts)
        {
            throw reader.Damaged($"code {code} of {texts} strings comes before code {seen}");
        }

        seen += isNew ? 1 : 0;
        return code;
    }

    private static void All(int texts, int seen, ref FieldReader reader)
    {
        if (seen != texts)
        {
            throw reader.Damaged($"of {texts} strings, only {seen} belong to rows");
        }
    }
}
