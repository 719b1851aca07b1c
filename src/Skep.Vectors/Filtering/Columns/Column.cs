namespace Skep.Vectors.Filtering;

/// <summary>
/// The values of one field by row. One writer sets rows in rising order; readers ask for rows below a count that was published after those rows were set.
/// A column may know fewer rows than that: the rest lacks the field.
/// </summary>
internal abstract class Column
{
    /// <summary>Which rows have a value.</summary>
    public GrowingBits Present { get; } = new();

    /// <summary>Bytes of memory, about.</summary>
    public abstract long Bytes { get; }

    public static Column Of(FieldType type) => type switch
    {
        FieldType.Text => new TextColumn(),
        FieldType.Number => new RangeColumn<double>(double.NaN),
        FieldType.Flag => new FlagColumn(),
        FieldType.Time => new RangeColumn<long>(long.MinValue),
        _ => new TagColumn(),
    };

    /// <summary>Sets a row's value, which was checked before.</summary>
    public abstract void Set(int row, FieldValue value);

    /// <summary>The value of a row; a missing one where the row has none.</summary>
    public abstract FieldValue Get(int row);
}
