using Skep.Vectors.Filtering;

namespace Skep.Vectors;

/// <summary>How a search is gone about.</summary>
public enum SearchMethod
{
    /// <summary>Every row that qualifies is compared in full precision.</summary>
    ExactScan,

    /// <summary>Every row that qualifies is compared by codes, and the best in full precision.</summary>
    CodeScan,

    /// <summary>The graph is walked; rows that are not in it yet are scanned by codes.</summary>
    Walk,

    /// <summary>The graph is walked for rows that the filter lets through; those that are not in it yet are scanned by codes.</summary>
    FilteredWalk,
}

/// <content>Saying what a search would do.</content>
public sealed partial class VectorIndex
{
    /// <summary>The method that a search for k rows takes, and how many candidates it keeps and compares in full precision. The same decisions as <see cref="Search(ReadOnlySpan{float}, Span{VectorHit}, SearchSettings)"/> makes.</summary>
    internal (SearchMethod Method, int Ef, int Rerank) Plan(int k, SearchSettings settings, RowSet? filter)
    {
        var live = Math.Max(0, Math.Min(Live, filter?.Count ?? int.MaxValue));
        var ef = Math.Max(k, settings.Ef > 0 ? settings.Ef : SearchSettings.DefaultEf);
        if (settings.Exact || Codes is not { } codes || live <= k) return (SearchMethod.ExactScan, 0, 0);
        var rerank = settings.Rerank > 0 ? Math.Max(settings.Rerank, k) : codes.Codec.RerankOf(k, ef);
        if (settings.Scan ?? SearchPlan.IsScanCheaper(live, Linked, ef, filter is not null)) return (SearchMethod.CodeScan, ef, rerank);
        return (filter is null ? SearchMethod.Walk : SearchMethod.FilteredWalk, ef, rerank);
    }
}
