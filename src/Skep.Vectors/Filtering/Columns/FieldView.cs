using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>The metadata of the rows that were there at one moment. It stays as it is while more rows come.</summary>
public sealed class FieldView
{
    internal FieldView(FieldColumns owner, FieldSchema schema, Column[] columns, int rows) => (Owner, Schema, Columns, Rows) = (owner, schema, columns, rows);

    /// <summary>The fields.</summary>
    public FieldSchema Schema { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Bytes of memory that the columns hold, about; what later rows took is counted too.</summary>
    public long Bytes => Columns.Sum(c => c.Bytes);

    internal FieldColumns Owner { get; }

    internal Column[] Columns { get; }

    /// <summary>The metadata of a row.</summary>
    /// <param name="row">Its number, below <see cref="Rows"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public FieldValues Get(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        var values = new FieldValues();
        for (var i = 0; i < Columns.Length; i++)
        {
            values[Schema.Fields[i].Name] = Columns[i].Get(row);
        }

        return values;
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
        var columns = kept.View.Columns;
        for (var c = 0; c < columns.Length; c++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (Columns[c].Get(rows[i]) is { Type: not FieldType.None } value)
                {
                    columns[c].Set(i, value);
                }
            }
        }

        kept.Publish(Schema, columns, rows.Length);
        return kept;
    }

    /// <summary>Writes the rows as a section that <see cref="FieldColumns.Read"/> reads: versioned, little-endian, without a checksum of its own.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ColumnSection.Write(this, writer);
    }
}
