using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>What a search of a collection looks for, beside the vector.</summary>
public sealed record CollectionQuery
{
    /// <summary>How many records are wanted, 1 to <see cref="SearchSettings.MaxEf"/>.</summary>
    public int K { get; init; } = 10;

    /// <summary>Candidates that the walk keeps: more find more of the nearest, slower. 0: <see cref="SearchSettings.DefaultEf"/>.</summary>
    public int Ef { get; init; }

    /// <summary>Only records that this lets through; null for all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Compare with every record, in full precision.</summary>
    public bool Exact { get; init; }

    /// <summary>Whether matches bring their metadata.</summary>
    public bool WithFields { get; init; } = true;
}
