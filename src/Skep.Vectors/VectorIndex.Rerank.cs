using Skep.Vectors.Graph;
using Skep.Vectors.Rows;

namespace Skep.Vectors;

/// <content>The end of a search by codes that know how far they may be off.</content>
public sealed unsafe partial class VectorIndex
{
    /// <summary>
    /// Compares in full precision exactly those candidates that may be nearer than the worst of the best so far, by the bound of their codes. As candidates
    /// come nearest first, most of the far ones are never looked at.
    /// </summary>
    private int RankWithin(CodeStore codes, byte* prepared, float* query, int found, Span<VectorHit> hits, SearchScratch scratch)
    {
        const int ahead = 2;
        var items = scratch.Pool(0);
        var ranked = scratch.Other(hits.Length);
        var pool = new CandidatePool(ranked, hits.Length);
        for (var i = 0; i < found + ahead; i++)
        {
            if (i < found)
            {
                var row = items[i].Row;
                items[i].Distance -= codes.Codec.Margin(prepared, codes.Codes + ((long)row * codes.Codec.Stride), codes.Parts + ((long)row * codes.Codec.PartCount));
                if (items[i].Distance < pool.Worst) PrefetchRow(row);
            }

            if (i < ahead || items[i - ahead].Distance >= pool.Worst) continue;
            var distance = _rows.Distance(query, items[i - ahead].Row);
            if (distance < pool.Worst) pool.Add(items[i - ahead].Row, distance);
        }

        for (var i = 0; i < pool.Count; i++) hits[i] = new VectorHit(ranked[i].Row, ranked[i].Distance);
        return pool.Count;
    }
}
