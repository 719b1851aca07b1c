namespace Skep.Vectors.Filtering;

/// <summary>Where a field's values lie in a section.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct ColumnPlace(long Offset, int Length);

/// <summary>What a section of columns says before and between the values: enough to know the fields, and to read the values of one of them later.</summary>
/// <param name="Schema">The fields.</param>
/// <param name="Rows">How many rows the section has.</param>
/// <param name="Places">Where each field's values lie.</param>
internal sealed record ColumnHeads(FieldSchema Schema, int Rows, IReadOnlyList<ColumnPlace> Places)
{
    private const int MaxUtf8PerCharacter = 3;
    private const int MostFieldBytes = sizeof(ushort) + (FieldLimits.MaxNameLength * MaxUtf8PerCharacter) + sizeof(byte) + sizeof(long);

    /// <summary>Reads the heads alone.</summary>
    /// <param name="length">Bytes of the section.</param>
    /// <param name="read">Reads so many bytes from a place of the section.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.Damaged"/> where the bytes contradict themselves, <see cref="VectorFault.Incompatible"/> for a later version.</exception>
    public static ColumnHeads Read(long length, Func<long, int, byte[]> read)
    {
        var reader = new FieldReader(Piece(0, ColumnSection.HeadBytes), ColumnSection.What);
        var (isOpen, rows, count) = ColumnSection.Head(ref reader);
        var (fields, places, at) = (new Field[count], new ColumnPlace[count], (long)reader.At);
        for (var i = 0; i < count; i++)
        {
            reader = new FieldReader(Piece(at, MostFieldBytes), ColumnSection.What);
            fields[i] = ColumnSection.FieldHead(ref reader, out var bytes);
            at += reader.At;
            if (bytes < 0 || bytes > Math.Min(length - at, Array.MaxLength)) throw reader.Damaged($"the field '{fields[i].Name}' claims {bytes} bytes, and {length - at} are left");
            places[i] = new ColumnPlace(at, (int)bytes);
            at += bytes;
        }

        return at == length ? new ColumnHeads(ColumnSection.Schema(fields, isOpen, reader), rows, places) : throw reader.Damaged($"{length - at} bytes follow its end");

        byte[] Piece(long from, int most) => read(from, (int)Math.Min(most, length - from));
    }
}
