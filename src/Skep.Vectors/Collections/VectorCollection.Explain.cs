namespace Skep.Vectors.Collections;

/// <content>Saying how a query is answered.</content>
public sealed partial class VectorCollection
{
    /// <summary>Answers a query and says how: the method, how many records qualify, and what the filter took away.</summary>
    /// <inheritdoc cref="Search" path="/exception"/>
    public CollectionExplanation Explain(ReadOnlySpan<float> vector, CollectionQuery? query = null)
    {
        query ??= new CollectionQuery();
        var matches = Search(vector, query);
        using var reading = Read();
        var generation = reading.Generation;
        var settings = Settings(generation, query);
        var (method, ef, rerank) = generation.Index.Plan(query.K, settings, settings.Filter);
        return new CollectionExplanation
        {
            Method = method,
            Ef = ef,
            Rerank = rerank,
            Records = generation.Index.Live,
            Qualifying = settings.Filter?.Count ?? generation.Index.Live,
            Unlinked = generation.Index.Count - generation.Index.Linked,
            Filter = query.Filter?.ToString(),
            Matches = matches,
            Removed = query.Filter is null ? [] : Removed(vector, query, matches),
        };
    }

    private List<VectorMatch> Removed(ReadOnlySpan<float> vector, CollectionQuery query, IReadOnlyList<VectorMatch> matches)
    {
        var kept = matches.Select(m => m.Key).ToHashSet();
        var farthest = matches.Count < query.K ? float.PositiveInfinity : matches[^1].Distance;
        return [.. Search(vector, query with { Filter = null }).Where(m => !kept.Contains(m.Key) && m.Distance <= farthest)];
    }
}
