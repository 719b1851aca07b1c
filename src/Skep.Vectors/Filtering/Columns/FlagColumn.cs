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

    public override FieldValue Get(int row) => Present.Has(row) ? FieldValue.Flag(True.Has(row)) : default;
}
