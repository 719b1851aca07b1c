namespace Skep.Vectors.Filtering;

/// <summary>
/// The metadata of rows 0, 1, 2…, by field. Rows are only appended; deleting is somebody else's bitmap, and compaction makes new columns with
/// <see cref="FieldView.Keep"/>. One writer at a time; any number of readers, each with a view of its own, without locks.
/// </summary>
public sealed class FieldColumns
{
    private FieldView _view;

    /// <summary>Columns without rows.</summary>
    /// <param name="schema">The fields that are declared; <see cref="FieldSchema.Open"/> where rows bring them.</param>
    public FieldColumns(FieldSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _view = new FieldView(this, schema, Grown([], schema), 0);
    }

    /// <summary>The rows as they are now; what is appended later does not show in it.</summary>
    public FieldView View => Volatile.Read(ref _view);

    /// <summary>Reads columns that <see cref="FieldView.Write"/> wrote.</summary>
    /// <param name="section">The whole section.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.Damaged"/> where the bytes contradict themselves, <see cref="VectorFault.Incompatible"/> for a later version.</exception>
    public static FieldColumns Read(ReadOnlySpan<byte> section) => ColumnSection.Read(section);

    /// <summary>Appends a row. It is refused as a whole or taken as a whole.</summary>
    /// <param name="row">Its metadata; copied.</param>
    /// <returns>The row's number.</returns>
    /// <exception cref="VectorException"><see cref="VectorFault.BadArgument"/>: a value does not fit its field or a bound.</exception>
    public int Append(FieldValues row)
    {
        var view = _view;
        var schema = Accepted(row);
        var slots = schema == view.Schema ? view.Slots : Grown(view.Slots, schema);
        var number = view.Rows;
        foreach (var (name, value) in row)
        {
            schema.TryFind(name, out var place);
            slots[place].Set(number, value);
        }

        Publish(schema, slots, number + 1);
        return number;
    }

    /// <summary>Says whether a row would be taken, without taking it: for a log that is written first.</summary>
    /// <param name="row">The metadata.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.BadArgument"/>: a value does not fit its field or a bound.</exception>
    public void Check(FieldValues row) => Accepted(row);

    /// <summary>Shows rows that were set column by column.</summary>
    internal void Publish(FieldSchema schema, ColumnSlot[] slots, int rows) => Volatile.Write(ref _view, new FieldView(this, schema, slots, rows));

    /// <summary>Takes over columns of the same rows and fields that are in memory elsewhere, instead of reading them again.</summary>
    /// <param name="from">The same rows and fields.</param>
    /// <param name="which">Which fields to take over.</param>
    internal void Adopt(FieldView from, IReadOnlyList<bool> which)
    {
        var view = View;
        Publish(view.Schema, [.. view.Slots.Select((slot, i) => i < which.Count && which[i] ? from.Slots[i] : slot)], view.Rows);
    }

    private FieldSchema Accepted(FieldValues row)
    {
        var schema = View.Schema.Accept(row);
        if (View.Rows == int.MaxValue)
        {
            throw new VectorException(VectorFault.LimitReached, $"No more than {int.MaxValue} rows fit: spread them over several collections.");
        }

        if (FieldRow.Size(row) is var size and > FieldLimits.MaxRowBytes)
        {
            throw new VectorException(VectorFault.BadArgument, $"The metadata of one row takes {size} bytes, and {FieldLimits.MaxRowBytes} are allowed: keep long text outside of the metadata.");
        }

        return schema;
    }

    private static ColumnSlot[] Grown(ColumnSlot[] slots, FieldSchema schema) =>
        [.. slots, .. schema.Fields.Skip(slots.Length).Select(f => new ColumnSlot(Column.Of(f.Type)))];
}
