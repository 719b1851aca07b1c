using Skep.Vectors.Filtering;

namespace Skep.Vectors;

/// <summary>How a search goes about it.</summary>
public readonly record struct SearchSettings
{
    /// <summary>Most candidates that a search keeps.</summary>
    public const int MaxEf = 10_000;

    /// <summary>How good and how slow a search is when nothing is said.</summary>
    public const int DefaultEf = 96;

    /// <summary>Candidates that the walk keeps: more find more of the nearest, slower. 0: <see cref="DefaultEf"/>, or the number of hits asked for if that is more.</summary>
    public int Ef { get; init; }

    /// <summary>Candidates compared in full precision at the end. 0: as many as the codes need.</summary>
    public int Rerank { get; init; }

    /// <summary>Compare with every row, in full precision.</summary>
    public bool Exact { get; init; }

    /// <summary>Only rows of this set; null for all.</summary>
    public RowSet? Filter { get; init; }

    /// <summary>Whether to scan rather than walk, where that is not left to the plan: for measuring what either costs.</summary>
    internal bool? Scan { get; init; }
}
