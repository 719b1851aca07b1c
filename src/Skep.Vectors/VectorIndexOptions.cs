using Skep.Vectors.Graph;

namespace Skep.Vectors;

/// <summary>What an index holds and how.</summary>
public sealed record VectorIndexOptions
{
    /// <summary>Most dimensions of a vector.</summary>
    public const int MaxDimension = 8_192;

    /// <summary>Most rows that an index can be given room for.</summary>
    public const int LargestRows = 1 << 29;

    /// <summary>Numbers in each vector, 1 to 8,192.</summary>
    public required int Dimension { get; init; }

    /// <summary>How far two vectors are from each other.</summary>
    public VectorMetric Metric { get; init; } = VectorMetric.Cosine;

    /// <summary>How rows stand in the memory that is walked.</summary>
    public VectorCodes Codes { get; init; } = VectorCodes.Bits7;

    /// <summary>How product codes are trained, if they are used.</summary>
    public ProductOptions Product { get; init; } = new();

    /// <summary>How the graph is built.</summary>
    public HnswOptions Graph { get; init; } = new();

    /// <summary>Rows that there are addresses for, deleted ones that have not been compacted away among them. Addresses cost nothing until they are used.</summary>
    public int MaxRows { get; init; } = 4_000_000;

    /// <summary>Bytes that rows, codes and links may take; an insert that would exceed them is refused.</summary>
    public long MemoryLimit { get; init; } = 8L << 30;

    /// <summary>Rows from which a graph is worth its while: fewer are always scanned.</summary>
    public int GraphFrom { get; init; } = 1_000;

    /// <summary>Refuses values out of their bounds.</summary>
    /// <exception cref="VectorException">A value is out of its bounds.</exception>
    public void Check()
    {
        Graph.Check();
        Within(Dimension, 1, MaxDimension, "the number of dimensions");
        Product.Check(Dimension);
        Within(MaxRows, 1, LargestRows, nameof(MaxRows));
        Within(GraphFrom, 1, LargestRows, nameof(GraphFrom));
        if (MemoryLimit < 0) throw new VectorException(VectorFault.BadArgument, "the memory limit is negative");
    }

    private static void Within(int value, int least, int most, string what)
    {
        if (value < least || value > most) throw new VectorException(VectorFault.BadArgument, $"{what} is {value:N0}: it must be {least:N0} to {most:N0}");
    }
}
