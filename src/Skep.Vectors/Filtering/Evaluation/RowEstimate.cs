namespace Skep.Vectors.Filtering;

/// <summary>How many rows a filter lets through, without having looked at all of them.</summary>
/// <param name="Least">So many at least: certain.</param>
/// <param name="Expected">So many as it seems: parts of a filter are taken as independent of each other.</param>
/// <param name="Most">So many at most: certain.</param>
public readonly record struct RowEstimate(int Least, int Expected, int Most)
{
    internal static RowEstimate Exactly(int count) => new(count, count, count);

    internal RowEstimate Both(RowEstimate other, int rows) => Sorted(
        Least - (rows - other.Least), rows == 0 ? 0 : (double)Expected * other.Expected / rows, Math.Min(Most, other.Most));

    internal RowEstimate Either(RowEstimate other, int rows) => Sorted(
        Math.Max(Least, other.Least),
        rows == 0 ? 0 : (double)Expected + other.Expected - ((double)Expected * other.Expected / rows),
        (int)Math.Min(rows, (long)Most + other.Most));

    internal RowEstimate Without(int rows) => new(rows - Most, rows - Expected, rows - Least);

    private static RowEstimate Sorted(int least, double expected, int most)
    {
        least = Math.Max(0, least);
        return new(least, (int)Math.Clamp(Math.Round(expected), least, most), most);
    }
}
