using System.Globalization;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>What each kind of codes takes and gives: bytes that a search walks over beside those of full rows, and recall over ef.</summary>
internal static class CodeRows
{
    private static readonly int[] Shown = [64, 100, 200, 400];

    /// <summary>Speeds are judged for codes that are meant for speed; the others are meant for little memory.</summary>
    public static double GoalOverHnswlib(VectorCodes codes) => codes switch
    {
        VectorCodes.Full => 1.6,
        VectorCodes.Bits7 => 3.4,
        _ => 0,
    };

    /// <summary>How many times usearch's speed is the goal; 0 where there is none.</summary>
    public static double GoalOverUsearch(VectorCodes codes) => codes == VectorCodes.Full ? 2.2 : 0;

    /// <summary>Memory for each row, links among it, when full rows stay in a mapped file; and how much smaller the vector alone is, with the recall that this costs.</summary>
    public static void Print(Table table, VectorData data, VectorIndex index, Curve curve, VectorCodes codes)
    {
        if (codes == VectorCodes.Full) return;
        var (row, links) = (data.Dimension * sizeof(float), index.LinkBytes / (double)index.Count);
        var (walked, full) = (index.BytesWalked / (double)index.Count, row + links);
        double? most = codes switch { VectorCodes.Bits7 => 0.35, VectorCodes.Bit1 => 0.12, _ => null };
        var reached = curve.Points.Any(p => p.Recall >= 0.95);
        table.Row(
            $"{data.Name}, {codes}: bytes for each row in memory at recall 0.95, full rows on disk (baseline: full rows in memory)",
            Whole(walked),
            Whole(full),
            walked / full,
            most is { } goal ? $"≤ {goal.ToString(CultureInfo.InvariantCulture)}" : "",
            most is null ? null : reached && walked / full <= most);
        var recalls = curve.Points.Where(p => Shown.Contains(p.Ef)).DefaultIfEmpty(curve.Points[^1]).Select(p => $"{p.Recall.ToString("0.000", CultureInfo.InvariantCulture)} at ef {p.Ef}");
        table.Row($"{data.Name}, {codes}: bytes of a vector (baseline: f32); recall {string.Join(", ", recalls)}", Whole(walked - links), Whole(row), (walked - links) / row, "", null);
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
