namespace Skep.Vectors.Graph;

/// <summary>How a graph is built. Terms and defaults as in Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World graphs" (2018).</summary>
public sealed record HnswOptions
{
    /// <summary>Fewest and most links of a row on the upper levels.</summary>
    public const int MinM = 4, MaxM = 64;

    /// <summary>Most candidates kept while a row is inserted.</summary>
    public const int MaxEfConstruction = 2_000;

    /// <summary>Links that a new row chooses, and the most on levels above 0; level 0 keeps twice as many. 4 to 64.</summary>
    public int M { get; init; } = 16;

    /// <summary>Candidates kept while a row is inserted: more make a better graph, slower. M to 2,000.</summary>
    public int EfConstruction { get; init; } = 200;

    /// <summary>From which the rows' levels are drawn.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Refuses values out of their bounds.</summary>
    /// <exception cref="VectorException">A value is out of its bounds.</exception>
    public void Check()
    {
        if (M is < MinM or > MaxM) throw new VectorException(VectorFault.BadArgument, $"M is {M}: it must be {MinM} to {MaxM} (16 suits most data)");
        if (EfConstruction < M || EfConstruction > MaxEfConstruction) throw new VectorException(VectorFault.BadArgument, $"efConstruction is {EfConstruction}: it must be M ({M}) to {MaxEfConstruction} (200 suits most data)");
    }
}
