namespace Skep.Embeddings.Ranking;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein 1998): chooses results that are relevant and unlike those chosen before, so that ten results are not ten times the same.
/// </summary>
public static class MaximalMarginalRelevance
{
    /// <summary>Most candidates: each is compared with every chosen one.</summary>
    public const int MaxCandidates = 10_000;

    /// <summary>Chooses up to k results, each time the one with the largest λ · relevance − (1 − λ) · (similarity to the most similar one chosen before).</summary>
    /// <param name="candidates">Results with their relevance, on the scale of the similarity (cosines with cosines).</param>
    /// <param name="k">How many, at least 0.</param>
    /// <param name="lambda">1: relevance alone, 0: variety alone.</param>
    /// <param name="similarity">How alike two results are: larger is more alike. Symmetric.</param>
    /// <returns>The chosen ones, in the order of choice; of equal ones the earlier candidate comes first.</returns>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: an argument is out of its bounds.</exception>
    public static IReadOnlyList<T> Select<T>(IReadOnlyList<Ranked<T>> candidates, int k, double lambda, Func<T, T, double> similarity)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(similarity);
        if (k < 0) throw Wrong($"{k} results were asked for. Ask for at least 0");
        if (!(lambda is >= 0 and <= 1)) throw Wrong($"lambda is {lambda}. It is from 0 (variety) to 1 (relevance)");
        if (candidates.Count > MaxCandidates) throw Wrong($"{candidates.Count} candidates; at most {MaxCandidates} are compared. Give the best of them");
        var (chosen, left, nearest) = (new List<T>(), Enumerable.Range(0, candidates.Count).ToList(), new double[candidates.Count]);
        Array.Fill(nearest, double.NegativeInfinity);
        while (chosen.Count < k && left.Count > 0)
        {
            var best = Best(candidates, left, nearest, lambda, isFirst: chosen.Count == 0);
            left.Remove(best);
            chosen.Add(candidates[best].Item);
            foreach (var i in left) nearest[i] = Math.Max(nearest[i], similarity(candidates[i].Item, candidates[best].Item));
        }

        return chosen;
    }

    // Before anything is chosen nothing can be alike: relevance decides.
    private static int Best<T>(IReadOnlyList<Ranked<T>> candidates, List<int> left, double[] nearest, double lambda, bool isFirst)
    {
        var (best, bestScore) = (left[0], double.NegativeInfinity);
        foreach (var i in left)
        {
            var score = isFirst ? candidates[i].Score : lambda * candidates[i].Score - (1 - lambda) * nearest[i];
            if (score > bestScore) (best, bestScore) = (i, score);
        }

        return best;
    }

    private static EmbeddingException Wrong(string what) => new(EmbeddingFault.BadArgument, "maximal marginal relevance: " + what);
}
