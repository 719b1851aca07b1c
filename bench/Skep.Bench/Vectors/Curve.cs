namespace Skep.Bench.Vectors;

/// <summary>One setting of a search: candidates kept, recall of the ten nearest, queries per second, and the times of single queries in seconds.</summary>
internal sealed record CurvePoint(int Ef, double Recall, double Qps, double P50, double P99);

/// <summary>How speed falls as recall grows.</summary>
internal sealed record Curve(string Name, double BuildSeconds, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>The settings that are swept, by us and by every peer, until recall is above <see cref="Enough"/>.</summary>
    public static readonly int[] Efs = [16, 24, 32, 40, 48, 56, 64, 80, 100, 120, 150, 200, 250, 300, 400, 600, 800];

    public const double Enough = 0.993;

    /// <summary>The recalls at which speeds are compared.</summary>
    public static readonly double[] Recalls = [0.95, 0.99];

    /// <summary>The speed at a recall, between the settings below and above it on a straight line of time per query; null if it was not reached.</summary>
    public double? QpsAt(double recall) => At(recall, p => 1 / p.Qps) is { } seconds ? 1 / seconds : null;

    public double? P50At(double recall) => At(recall, p => p.P50);

    public double? P99At(double recall) => At(recall, p => p.P99);

    /// <summary>The settings below and above each recall that is compared: enough to know the speed there.</summary>
    public IReadOnlyList<CurvePoint> Around() =>
        [.. Recalls.SelectMany(recall => Above(recall) is { } above ? new[] { Below(recall, above), above } : []).OfType<CurvePoint>().Distinct().OrderBy(p => p.Ef)];

    private double? At(double recall, Func<CurvePoint, double> value)
    {
        if (Above(recall) is not { } above) return null;
        if (Below(recall, above) is not { } below) return value(above);
        var share = (recall - below.Recall) / (above.Recall - below.Recall);
        return value(below) + (share * (value(above) - value(below)));
    }

    private CurvePoint? Above(double recall) => Points.FirstOrDefault(p => p.Recall >= recall);

    private CurvePoint? Below(double recall, CurvePoint above) => Points.LastOrDefault(p => p.Recall < recall && p.Ef < above.Ef);
}
