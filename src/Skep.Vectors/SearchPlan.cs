using Skep.Vectors.Rows;

namespace Skep.Vectors;

/// <summary>Chooses between walking a graph and scanning what qualifies. Costs are in rows of a scan; <c>skep-bench plan-costs</c> measured them (docs/vectors.md).</summary>
internal static class SearchPlan
{
    /// <summary>A step of the walk looks at up to 32 rows in random order, most of which it has met before.</summary>
    private const double StepCost = 25;

    /// <summary>A walk for a set also keeps a heap, and asks of every row whether it is wanted; and rows of a set lie apart, which makes their scan dearer too.</summary>
    private const double FilteredStepCost = 40;

    /// <summary>At most this much wider than asked for, however many rows are deleted.</summary>
    private const int MostWidening = 8;

    /// <summary>Whether scanning the qualifying rows costs less than walking to them.</summary>
    public static bool IsScanCheaper(int live, int linked, int ef, bool isFiltered)
    {
        if (!isFiltered) return live < ef * StepCost;
        // To meet ef wanted rows the walk has to expand about ef / share rows.
        var share = Math.Max(1e-9, live / (double)Math.Max(1, linked));
        return live < ef / share * FilteredStepCost;
    }

    /// <summary>Deleted rows take places among the candidates: a wider walk makes up for them.</summary>
    public static int Widened(int ef, RowStore rows)
    {
        var (count, dead) = (rows.Count, rows.Dead);
        return dead == 0 ? ef : (int)Math.Min((long)ef * MostWidening, (long)ef * count / Math.Max(1, count - dead) + 1);
    }
}
