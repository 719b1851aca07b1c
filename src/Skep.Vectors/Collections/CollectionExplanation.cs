namespace Skep.Vectors.Collections;

/// <summary>How a query is answered, and what its filter does to it.</summary>
public sealed record CollectionExplanation
{
    /// <summary>The method that was chosen.</summary>
    public required SearchMethod Method { get; init; }

    /// <summary>Candidates that the walk keeps; 0 where nothing is walked or scanned by codes.</summary>
    public required int Ef { get; init; }

    /// <summary>Candidates that are compared in full precision; 0 where all distances are exact anyway.</summary>
    public required int Rerank { get; init; }

    /// <summary>Records there are.</summary>
    public required int Records { get; init; }

    /// <summary>Records that the filter lets through; all where there is none.</summary>
    public required int Qualifying { get; init; }

    /// <summary>Rows that are not in the graph yet and are scanned.</summary>
    public required int Unlinked { get; init; }

    /// <summary>The filter in its canonical form; null where there is none.</summary>
    public required string? Filter { get; init; }

    /// <summary>What the query finds.</summary>
    public required IReadOnlyList<VectorMatch> Matches { get; init; }

    /// <summary>Which of the nearest records the filter removed: those that would have been among the matches without it.</summary>
    public required IReadOnlyList<VectorMatch> Removed { get; init; }
}
