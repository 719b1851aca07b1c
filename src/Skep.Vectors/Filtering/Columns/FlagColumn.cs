namespace Skep.Vectors.Filtering;

/// <summary>True and false: two bits a row.</summary>
internal sealed class FlagColumn : Column
{
    public GrowingBits True { get; } = new();

    public override long Bytes => Present.Bytes + True.Bytes;

    public override void Set(int row, FieldValue value)
    {
        if (value.AsFlag)
        {
            True.Set(row);
        }

        Present.Set(row);
    }

    /// <summary>Sets all rows at once, in a column that has none.</summary>
    /// <param name="present">Which rows have a value.</param>
    /// <param name="set">Which of them are true.</param>
    public void Fill(RowSet present, RowSet set)
    {
        True.Fill(set.And(present).Words);
        Present.Fill(present.Words);
    }

    public override FieldValue Get(int row) => Present.Has(row) ? FieldValue.Flag(True.Has(row)) : default;
}
