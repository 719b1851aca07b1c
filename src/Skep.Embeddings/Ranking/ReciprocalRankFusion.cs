namespace Skep.Embeddings.Ranking;

/// <summary>A result with its score: larger is better.</summary>
/// <typeparam name="T">What is ranked, such as a key.</typeparam>
/// <param name="Item">The result.</param>
/// <param name="Score">Its score, comparable within one list.</param>
public readonly record struct Ranked<T>(T Item, double Score);

/// <summary>
/// Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): lists whose scores have nothing in common, such as BM25's and cosines, are fused by ranks alone. A result gets the sum
/// of weight / (k + rank) over the lists that have it.
/// </summary>
public static class ReciprocalRankFusion
{
    /// <summary>k of the paper: how little first ranks stand out.</summary>
    public const int DefaultK = 60;

    /// <summary>Fuses lists.</summary>
    /// <param name="lists">Lists, each best first. A result that a list has twice counts by its better rank.</param>
    /// <param name="weights">How much each list counts, at least 0; null: all the same.</param>
    /// <param name="k">At least 0.</param>
    /// <returns>All results, best first; equal scores in the order in which the lists, one after the other, brought them.</returns>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: a weight or k is out of its bounds, or there is not one weight for each list.</exception>
    public static IReadOnlyList<Ranked<T>> Fuse<T>(IReadOnlyList<IReadOnlyList<T>> lists, IReadOnlyList<double>? weights = null, int k = DefaultK)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(lists);
        Check(lists.Count, weights, k);
        var (scores, order) = (new Dictionary<T, double>(), new List<T>());
        for (var i = 0; i < lists.Count; i++)
        {
            var (seen, weight) = (new HashSet<T>(), weights?[i] ?? 1);
            for (var rank = 1; rank <= lists[i].Count; rank++)
            {
                var item = lists[i][rank - 1];
                if (!seen.Add(item)) continue;
                if (!scores.TryGetValue(item, out var score)) order.Add(item);
                scores[item] = score + weight / (k + rank);
            }
        }

        // OrderBy is stable.
        return [.. order.Select(item => new Ranked<T>(item, scores[item])).OrderByDescending(r => r.Score)];
    }

    private static void Check(int lists, IReadOnlyList<double>? weights, int k)
    {
        if (k < 0) throw Wrong($"k is {k}. It is at least 0; {DefaultK} is usual");
        if (weights is null) return;
        if (weights.Count != lists) throw Wrong($"{weights.Count} weights for {lists} lists. Give one for each");
        if (weights.Any(w => !double.IsFinite(w) || w < 0)) throw Wrong("a weight is below 0 or no number. Weights are at least 0");
    }

    private static EmbeddingException Wrong(string what) => new(EmbeddingFault.BadArgument, "reciprocal rank fusion: " + what);
}
