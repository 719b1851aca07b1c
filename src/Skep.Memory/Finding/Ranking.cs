using Skep.Embeddings.Ranking;
using Skep.Numerics;

namespace Skep.Memory.Finding;

/// <summary>Makes one list of several: fused by ranks, weighed by age and namespace, and thinned of what is alike.</summary>
internal static class Ranking
{
    /// <summary>All candidates, best first.</summary>
    internal static IReadOnlyList<Ranked<string>> Fuse(IReadOnlyList<FindList> lists, FindRequest request, Func<string, TimeSpan> age)
    {
        var ranked = ReciprocalRankFusion.Fuse([.. lists.Select(static l => (IReadOnlyList<string>)[.. l.Candidates.Select(static c => c.Path)])], [.. lists.Select(static l => l.Weight)]);
        if (request.HalfLife is { } half) ranked = Recency.Apply(ranked, age, half);
        return request.NamespaceWeights is { Count: > 0 } weights ? new NamespaceWeights(weights).Apply(ranked, static path => path) : ranked;
    }

    /// <summary>The order in which candidates are chosen so that they are relevant and unlike each other.</summary>
    internal static IReadOnlyList<Ranked<string>> Vary(IReadOnlyList<Ranked<string>> ranked, int k, double lambda, Func<string, float[]?> vectorOf)
    {
        if (ranked.Count == 0) return ranked;
        // Relevance on the scale of cosines: the best is 1.
        var best = ranked[0].Score > 0 ? ranked[0].Score : 1;
        var scores = ranked.ToDictionary(static r => r.Item, static r => r.Score, StringComparer.Ordinal);
        var vectors = ranked.ToDictionary(static r => r.Item, r => vectorOf(r.Item), StringComparer.Ordinal);
        var chosen = MaximalMarginalRelevance.Select([.. ranked.Select(r => r with { Score = r.Score / best })], k, lambda, (a, b) => Cosine(vectors[a], vectors[b]));
        return [.. chosen.Select(path => new Ranked<string>(path, scores[path]))];
    }

    private static double Cosine(float[]? a, float[]? b) =>
        a is null || b is null || a.Length != b.Length ? 0 : VectorDistance.CosineSimilarity(a, b);
}
