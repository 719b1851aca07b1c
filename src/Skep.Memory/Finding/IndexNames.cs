using Skep.Vectors;

namespace Skep.Memory;

/// <summary>What people call codes and metrics.</summary>
public static class IndexNames
{
    private static readonly (string Name, VectorCodes Codes)[] AllCodes =
        [("full", VectorCodes.Full), ("bits7", VectorCodes.Bits7), ("bits4", VectorCodes.Bits4), ("bit1", VectorCodes.Bit1), ("product", VectorCodes.Product)];

    private static readonly (string Name, VectorMetric Metric)[] AllMetrics = [("cosine", VectorMetric.Cosine), ("l2", VectorMetric.L2), ("dot", VectorMetric.InnerProduct)];

    /// <summary>The name of codes.</summary>
    public static string Of(VectorCodes codes) => AllCodes.First(c => c.Codes == codes).Name;

    /// <summary>The name of a metric.</summary>
    public static string Of(VectorMetric metric) => AllMetrics.First(m => m.Metric == metric).Name;

    internal static VectorCodes Codes(string name) => Find(AllCodes, name, "codes");

    internal static VectorMetric Metric(string name) => Find(AllMetrics, name, "metric");

    private static T Find<T>((string Name, T Value)[] all, string name, string what)
    {
        foreach (var (known, value) in all)
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) return value;
        throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(name)}' is no {what} of an index; there are {string.Join(", ", all.Select(static a => a.Name))}");
    }
}
