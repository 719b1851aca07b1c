using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>
/// The columns of a view as bytes: a head with schema and rows, then for each field which rows have it and their values. Codes of strings come in the order
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
        for (var i = 0; i < view.Columns.Length; i++)
        {
            writer.Text(view.Schema.Fields[i].Name);
            writer.Byte((int)view.Schema.Fields[i].Type);
            view.Columns[i].Present.CopyTo(present, view.Rows);
            Words(writer, present);
            Values(view.Columns[i], RowSet.FromBits(present, view.Rows), writer);
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
            var present = Bits(ref reader, rows);
            Fill(columns[i], present, ref reader);
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
            default:
                reader.Count(present.Count, 8);
                foreach (var row in present)
                {
                    var bits = reader.Int64();
                    var value = column is RangeColumn<long> ? FieldValue.Time(bits) : FieldValue.Number(BitConverter.Int64BitsToDouble(bits));
                    column.Set(row, value.Fault() is { } fault ? throw reader.Damaged($"of row {row}, {fault}") : value);
                }

                break;
        }
    }

    private static void FillTexts(TextColumn column, RowSet present, ref FieldReader reader)
    {
        var texts = Texts(ref reader);
        var seen = 0;
        reader.Count(present.Count, 4);
        foreach (var row in present)
        {
            column.Set(row, Known(texts, reader.Int32(), ref seen, ref reader));
        }

        All(texts, seen, column.Dictionary.Count, ref reader);
    }

    private static void FillTags(TagColumn column, RowSet present, ref FieldReader reader)
    {
        var texts = Texts(ref reader);
        var seen = 0;
        foreach (var row in present)
        {
            var tags = new string[reader.Count(reader.Byte(), 4)];
            for (var i = 0; i < tags.Length; i++)
            {
                tags[i] = Known(texts, reader.Int32(), ref seen, ref reader);
            }

            var value = FieldValue.Tags(tags);
            if (value.Type == FieldType.None || value.AsTags.Count != tags.Length)
            {
                throw reader.Damaged($"row {row} has a tag twice, or none");
            }

            column.Set(row, value);
        }

        All(texts, seen, column.Dictionary.Count, ref reader);
    }

    private static string[] Texts(ref FieldReader reader)
    {
        var texts = new string[reader.Count(reader.Int32(), 2)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
            if (FieldText.Fault(texts[i]) is { } fault)
            {
                throw reader.Damaged($"of a string, {fault}");
            }
        }

        return texts;
    }

    private static string Known(string[] texts, int code, ref int seen, ref FieldReader reader)
    {
        if (code < 0 || code > seen || code >= texts.Length)
        {
            throw reader.Damaged($"code {code} of {texts.Length} strings comes before code {seen}");
        }

        seen += code == seen ? 1 : 0;
        return texts[code];
    }

    /// <summary>Each string belongs to a row, and none is there twice.</summary>
    private static void All(string[] texts, int seen, int distinct, ref FieldReader reader)
    {
        if (seen != texts.Length || distinct != texts.Length)
        {
            throw reader.Damaged($"of {texts.Length} strings, {seen} belong to rows and {distinct} are distinct");
        }
    }
}
