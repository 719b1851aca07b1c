using System.Buffers;

namespace Skep.Vectors.Collections;

/// <content>Reading.</content>
public sealed partial class VectorCollection
{
    /// <summary>Finds the nearest records, nearest first: as many as the query wants, or all that qualify if those are fewer.</summary>
    /// <exception cref="VectorException">The vector, the filter or a number is refused.</exception>
    public IReadOnlyList<VectorMatch> Search(ReadOnlySpan<float> vector, CollectionQuery? query = null)
    {
        query ??= new CollectionQuery();
        if (query.K is < 1 or > SearchSettings.MaxEf) throw new VectorException(VectorFault.BadArgument, $"K is {query.K:N0}: it must be 1 to {SearchSettings.MaxEf:N0}");
        using var reading = Read();
        _state.RequireSound();
        var generation = reading.Generation;
        // Before rows are found: reading a damaged field takes its records out.
        if (query.WithFields) generation.Fields.View.Load();
        var settings = Settings(generation, query);
        for (var wanted = query.K; ; wanted = Math.Min(SearchSettings.MaxEf, wanted * 2))
        {
            var hits = ArrayPool<VectorHit>.Shared.Rent(wanted);
            try
            {
                var version = _state.Version;
                var found = generation.Index.Search(vector, hits.AsSpan(0, wanted), settings);
                var matches = Matches(generation, hits.AsSpan(0, found), query);
                // While records are replaced, an old one may be met beside the new one.
                if ((version & 1) != 0 || version != _state.Version) matches = Distinct(hits.AsSpan(0, found), matches);
                if (matches.Count >= query.K || found < wanted || wanted == SearchSettings.MaxEf) return matches.Count > query.K ? matches.GetRange(0, query.K) : matches;
            }
            finally
            {
                ArrayPool<VectorHit>.Shared.Return(hits);
            }
        }
    }

    /// <summary>The record with a key, or null.</summary>
    public VectorRecord? Get(string key)
    {
        KeyStore.Check(key);
        using var reading = Read();
        _state.RequireSound();
        var generation = reading.Generation;
        if (generation.Find(key) < 0) return null;
        generation.Fields.View.Load();
        var row = generation.Find(key);
        if (row < 0) return null;
        var vector = new float[Options.Index.Dimension];
        generation.Index.Read(row, vector);
        return new VectorRecord(key, vector, generation.Fields.View.Get(row));
    }

    /// <summary>The keys of all records, in no particular order. Records that come or go meanwhile may be in it or not.</summary>
    /// <param name="from">The first row to look at; 0 to begin.</param>
    /// <param name="most">Keys that are wanted.</param>
    /// <returns>Keys, and where to go on; -1 at the end. A compaction in between renumbers the rows: begin anew when <see cref="CollectionStats.Compactions"/> has changed.</returns>
    public (IReadOnlyList<string> Keys, int Next) Keys(int from, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        using var reading = Read();
        _state.RequireSound();
        var (index, keys) = (reading.Generation.Index, new List<string>());
        var (row, count) = (from, index.Count);
        for (; row < count && keys.Count < most; row++)
        {
            if (!index.IsDeleted(row)) keys.Add(reading.Generation.Keys.Text(row));
        }

        return (keys, row < count ? row : -1);
    }

    private static SearchSettings Settings(Generation generation, CollectionQuery query) => new()
    {
        Ef = query.Ef,
        Exact = query.Exact,
        Filter = query.Filter is { } filter ? generation.Index.LiveOf(generation.Filters.Get(filter, generation.Fields.View)) : null,
    };

    private static List<VectorMatch> Matches(Generation generation, ReadOnlySpan<VectorHit> hits, CollectionQuery query)
    {
        var fields = query.WithFields ? generation.Fields.View : null;
        var matches = new List<VectorMatch>(hits.Length);
        foreach (var hit in hits) matches.Add(new VectorMatch(generation.Keys.Text(hit.Row), hit.Distance, fields?.Get(hit.Row) ?? []));
        return matches;
    }

    /// <summary>The newest of each key.</summary>
    private static List<VectorMatch> Distinct(ReadOnlySpan<VectorHit> hits, List<VectorMatch> matches)
    {
        var newest = new Dictionary<string, int>(matches.Count);
        for (var i = 0; i < matches.Count; i++) newest[matches[i].Key] = Math.Max(newest.GetValueOrDefault(matches[i].Key, -1), hits[i].Row);
        var kept = new List<VectorMatch>(newest.Count);
        for (var i = 0; i < matches.Count; i++)
        {
            if (newest[matches[i].Key] == hits[i].Row) kept.Add(matches[i]);
        }

        return kept;
    }
}
