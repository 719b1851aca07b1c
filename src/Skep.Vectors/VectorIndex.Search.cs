using Skep.Numerics;
using Skep.Vectors.Filtering;
using Skep.Vectors.Graph;
using Skep.Vectors.Rows;
using Skep.Vectors.Spaces;

namespace Skep.Vectors;

/// <content>Searching.</content>
public sealed unsafe partial class VectorIndex
{
    /// <summary>Finds the nearest rows, as many as <paramref name="hits"/> has room for, nearest first. Returns how many there are: fewer only if fewer rows qualify.</summary>
    /// <exception cref="VectorException">The vector or a setting is refused.</exception>
    public int Search(ReadOnlySpan<float> vector, Span<VectorHit> hits, SearchSettings settings = default)
    {
        VectorCheck.Check(vector, Options.Dimension, Options.Metric);
        if (settings.Ef is < 0 or > SearchSettings.MaxEf || hits.Length > SearchSettings.MaxEf) throw new VectorException(VectorFault.BadArgument, $"ef and the number of hits must be 0 to {SearchSettings.MaxEf:N0}");
        if (hits.IsEmpty) return 0;
        using var use = Use();
        var scratch = SearchScratch.Rent();
        try
        {
            return Search(Normalised(vector, scratch), hits, settings, scratch);
        }
        finally
        {
            SearchScratch.Return(scratch);
        }
    }

    private int Search(float* query, Span<VectorHit> hits, SearchSettings settings, SearchScratch scratch)
    {
        // In this order: where the walk begins is there, what is linked is coded, and what is coded is there.
        var entry = _links.Entry;
        var linked = entry.Row < 0 ? 0 : Linked;
        var codes = Volatile.Read(ref _codes);
        var count = _rows.Count;
        var live = Math.Max(0, Math.Min(count - _rows.Dead, settings.Filter?.Count ?? int.MaxValue));
        var ef = Math.Max(hits.Length, settings.Ef > 0 ? settings.Ef : SearchSettings.DefaultEf);
        if (settings.Exact || codes is null || live <= hits.Length) return Exact(query, count, settings.Filter, hits, scratch);

        var prepared = scratch.Query(codes.Codec.QueryBytes);
        codes.Codec.Prepare(query, prepared);
        var rerank = settings.Rerank > 0 ? Math.Max(settings.Rerank, hits.Length) : codes.Codec.RerankOf(hits.Length, ef);
        var found = settings.Scan ?? SearchPlan.IsScanCheaper(live, linked, ef, settings.Filter is not null)
            ? codes.With<FlatScan.ByCodes, int>(new FlatScan.ByCodes(prepared, 0, count, _rows, settings.Filter, scratch.Pool(Math.Max(rerank, hits.Length)), 0, Math.Max(rerank, hits.Length)))
            : Walk(codes, prepared, entry, linked, count, ef, settings.Filter, scratch, Math.Max(rerank, hits.Length));
        return found < Math.Min(hits.Length, live)
            ? Exact(query, count, settings.Filter, hits, scratch)
            : codes.Codec.IsBounded ? RankWithin(codes, prepared, query, Math.Min(found, rerank), hits, scratch)
            : Rank(query, found, rerank, hits, scratch);
    }

    /// <summary>Walks the graph, then scans the rows that are not in it yet. The candidates lie in the scratch's pool.</summary>
    private int Walk(CodeStore codes, byte* prepared, (int Row, int Level) entry, int linked, int count, int ef, RowSet? only, SearchScratch scratch, int most)
    {
        // Room for as many candidates as the walk or the scan may leave.
        var widened = only is null ? SearchPlan.Widened(ef, _rows) : ef;
        var items = scratch.Pool(Math.Max(widened, most));
        scratch.Begin(count);
        var found = linked == 0 ? 0 : codes.With<WalkUser, int>(new WalkUser(this, prepared, entry, linked, count, widened, only, scratch, items));
        return linked == count ? found : codes.With<FlatScan.ByCodes, int>(new FlatScan.ByCodes(prepared, linked, count, _rows, only, items, Math.Min(found, most), most));
    }

    private int Exact(float* query, int count, RowSet? only, Span<VectorHit> hits, SearchScratch scratch)
    {
        var items = scratch.Pool(hits.Length);
        var found = FlatScan.Exact(query, count, _rows, only, items, hits.Length);
        for (var i = 0; i < found; i++) hits[i] = new VectorHit(items[i].Row, items[i].Distance);
        return found;
    }

    /// <summary>Compares the best candidates in full precision.</summary>
    private int Rank(float* query, int found, int rerank, Span<VectorHit> hits, SearchScratch scratch)
    {
        const int ahead = 3;
        var items = scratch.Pool(0);
        var ranked = items;
        var count = Math.Min(found, hits.Length);
        if (rerank > 0)
        {
            ranked = scratch.Other(hits.Length);
            var pool = new CandidatePool(ranked, hits.Length);
            var most = Math.Min(rerank, found);
            for (var i = 0; i < Math.Min(ahead, most); i++) PrefetchRow(items[i].Row);
            for (var i = 0; i < most; i++)
            {
                if (i + ahead < most) PrefetchRow(items[i + ahead].Row);
                var distance = _rows.Distance(query, items[i].Row);
                if (distance < pool.Worst) pool.Add(items[i].Row, distance);
            }

            count = pool.Count;
        }

        for (var i = 0; i < count; i++) hits[i] = new VectorHit(ranked[i].Row, ranked[i].Distance);
        return count;
    }

    private void PrefetchRow(int row) => Prefetch.Range(_rows.At(row), Math.Min(_rows.Length * sizeof(float), FullL2Space.MostPrefetched));

    private float* Normalised(ReadOnlySpan<float> vector, SearchScratch scratch)
    {
        var query = scratch.Vector(_rows.Length);
        vector.CopyTo(new Span<float>(query, Options.Dimension));
        new Span<float>(query + Options.Dimension, _rows.Length - Options.Dimension).Clear();
        if (Options.Metric == VectorMetric.Cosine) VectorMath.Normalize(new Span<float>(query, Options.Dimension));
        return query;
    }

    private readonly struct WalkUser(VectorIndex index, byte* query, (int Row, int Level) entry, int linked, int count, int ef, RowSet? only, SearchScratch scratch, Candidate* items) : ISpaceUser<int>
    {
        public int Use<TSpace>(TSpace space)
            where TSpace : struct, IGraphSpace
        {
            var links = index._links;
            var at = HnswWalk.Descend(links, space, query, new Candidate(entry.Row, space.ToQuery(query, entry.Row)), entry.Level, 0, count);
            if (only is not null) return Below(FilteredWalk.Nearest(links, space, query, at, ef, count, index._rows, only, scratch, items));
            return Below(HnswWalk.Nearest(links, space, query, at, 0, ef, count, scratch, items));
        }

        /// <summary>Leaves out deleted rows, and those that the scan of the not yet linked ones will find.</summary>
        private int Below(int found)
        {
            if (linked == count && index._rows.Dead == 0) return found;
            var kept = 0;
            for (var i = 0; i < found; i++)
            {
                if (items[i].Row < linked && !index._rows.IsDeleted(items[i].Row)) items[kept++] = items[i];
            }

            return kept;
        }
    }
}
