namespace Skep.Bench.Retrieval;

/// <summary>How good rankings are, on average over questions.</summary>
/// <param name="Ndcg">Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002), with relevant or not.</param>
/// <param name="Recall">Share of the relevant passages among the first ten.</param>
internal readonly record struct RetrievalMeasures(double Ndcg, double Recall)
{
    private const int Depth = 10;

    public static RetrievalMeasures Of(RetrievalSet set, Func<string, IReadOnlyList<int>> rank)
    {
        var (ndcg, recall) = (0.0, 0.0);
        foreach (var question in set.Questions)
        {
            var hits = rank(question.Text).Take(Depth).Select((passage, i) => (Gain: question.Relevant.Contains(passage) ? 1 : 0, Rank: i + 1)).ToList();
            ndcg += hits.Sum(h => h.Gain / Math.Log2(h.Rank + 1)) / Enumerable.Range(1, Math.Min(Depth, question.Relevant.Count)).Sum(r => 1 / Math.Log2(r + 1));
            recall += (double)hits.Sum(h => h.Gain) / Math.Min(Depth, question.Relevant.Count);
        }

        return new(ndcg / set.Questions.Count, recall / set.Questions.Count);
    }

    public override string ToString() => $"{Ndcg:0.000}, {Recall:0.000}";
}
