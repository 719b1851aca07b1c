using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>
/// The metadata of the rows that were there at one moment. It stays as it is while more rows come. Fields that still lie in a file are read when they are first
/// asked for, which may fail: <see cref="VectorFault.Damaged"/> or <see cref="VectorFault.Disk"/>.
/// </summary>
public sealed class FieldView
{
    internal FieldView(FieldColumns owner, FieldSchema schema, ColumnSlot[] slots, int rows) => (Owner, Schema, Slots, Rows) = (owner, schema, slots, rows);

    /// <summary>The fields.</summary>
    public FieldSchema Schema { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Bytes of memory that the columns hold, about; what later rows took is counted too.</summary>
    public long Bytes => Slots.Sum(s => s.Bytes);

    /// <summary>Bytes of columns that lie in a file and that nobody has asked for yet.</summary>
    internal long UnreadBytes => Slots.Sum(s => s.IsLoaded ? 0 : s.StoredBytes);

    internal FieldColumns Owner { get; }

    internal ColumnSlot[] Slots { get; }

    /// <summary>The metadata of a row.</summary>
    /// <param name="row">Its number, below <see cref="Rows"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public FieldValues Get(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        var values = new FieldValues();
        for (var i = 0; i < Slots.Length; i++)
        {
            values[Schema.Fields[i].Name] = Slots[i].Column.Get(row);
        }

        return values;
    }

    /// <summary>Reads the fields that still lie in a file.</summary>
    internal void Load()
    {
        foreach (var slot in Slots)
        {
            _ = slot.Column;
        }
    }

    /// <summary>New columns that hold some of the rows: the first one given becomes row 0. The schema stays.</summary>
    /// <param name="rows">Numbers of the rows that survive, in their new order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public FieldColumns Keep(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows, nameof(rows));
        }

        var kept = new FieldColumns(Schema);
        var slots = kept.View.Slots;
        for (var s = 0; s < slots.Length; s++)
        {
            CopyInto(slots[s].Column, Slots[s].Column, rows);
        }

        kept.Publish(Schema, slots, rows.Length);
        return kept;
    }

    /// <summary>Writes the rows as a section that <see cref="FieldColumns.Read"/> reads: versioned, little-endian, without a checksum of its own.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ColumnSection.Write(this, writer);
    }

    private static void CopyInto(Column kept, Column column, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (column.Get(rows[i]) is { Type: not FieldType.None } value)
            {
                kept.Set(i, value);
            }
        }
    }
}
