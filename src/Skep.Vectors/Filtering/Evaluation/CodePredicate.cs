namespace Skep.Vectors.Filtering;

/// <summary>Rows that have one of some strings or tags, by their postings.</summary>
/// <param name="postings">The field's postings.</param>
/// <param name="codes">Codes, each once.</param>
/// <param name="single">Whether a row has one code at most, as strings do and tags do not.</param>
/// <param name="rows">How many rows the reader knows.</param>
internal sealed class CodePredicate(Postings postings, int[] codes, bool single, int rows) : Predicate(rows)
{
    public override int Cost => codes.Length;

    public override void Evaluate(Span<ulong> bits)
    {
        bits.Clear();
        Widen(bits);
    }

    public override void Widen(Span<ulong> bits)
    {
        foreach (var code in codes)
        {
            postings.OrInto(code, bits, Rows);
        }

        BitWords.Clip(bits, Rows);
    }

    public override RowEstimate Estimate()
    {
        var (sum, most, none) = (0L, 0, 1.0);
        foreach (var code in codes)
        {
            var count = postings.Count(code, Rows);
            (sum, most, none) = (sum + count, Math.Max(most, count), none * (1 - ((double)count / Math.Max(1, Rows))));
        }

        var bounded = (int)Math.Min(sum, Rows);
        return single ? RowEstimate.Exactly(bounded) : new RowEstimate(most, (int)Math.Clamp(Math.Round((1 - none) * Rows), most, bounded), bounded);
    }
}
