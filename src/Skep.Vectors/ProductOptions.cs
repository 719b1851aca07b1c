namespace Skep.Vectors;

/// <summary>How product codes are trained: <see cref="VectorCodes.Product"/>.</summary>
public sealed record ProductOptions
{
    /// <summary>Most passes of k-means.</summary>
    public const int MaxPasses = 100;

    /// <summary>Parts that a vector is cut into, each of which takes one byte. 0: one for every eight dimensions.</summary>
    public int Parts { get; init; }

    /// <summary>Whether rows are rotated before they are cut, so that dimensions that vary together share a part and all parts carry as much (parametric OPQ).</summary>
    public bool Rotate { get; init; } = true;

    /// <summary>Passes of k-means over the sample, 1 to 100.</summary>
    public int Passes { get; init; } = 12;

    /// <summary>From which the first centroids are drawn.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How many parts vectors of so many dimensions are cut into.</summary>
    public int PartsOf(int dimension) => Parts > 0 ? Parts : Math.Max(1, dimension / 8);

    /// <summary>Refuses values out of their bounds.</summary>
    /// <exception cref="VectorException">A value is out of its bounds.</exception>
    public void Check(int dimension)
    {
        if (Parts < 0 || Parts > dimension) throw new VectorException(VectorFault.BadArgument, $"the number of parts of product codes is {Parts}: it must be 1 to the number of dimensions ({dimension:N0}), or 0 for one in eight of them");
        if (Passes is < 1 or > MaxPasses) throw new VectorException(VectorFault.BadArgument, $"the number of passes of k-means is {Passes}: it must be 1 to {MaxPasses}");
    }
}
