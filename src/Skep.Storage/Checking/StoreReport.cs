namespace Skep.Storage;

/// <summary>What an examination of a store found.</summary>
/// <param name="Problems">Each says what and where; at most <see cref="MaxProblems"/>. Empty when all is well.</param>
/// <param name="Streams">Streams examined.</param>
/// <param name="Events">Events that are what was written.</param>
/// <param name="Blobs">Blobs that are what was written.</param>
public sealed record StoreReport(IReadOnlyList<string> Problems, long Streams, long Events, long Blobs)
{
    /// <summary>After so many problems the examination ends.</summary>
    public const int MaxProblems = 100;

    /// <summary>Whether nothing was found.</summary>
    public bool IsHealthy => Problems.Count == 0;
}
