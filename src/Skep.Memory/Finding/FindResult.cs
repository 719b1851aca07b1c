namespace Skep.Memory;

/// <summary>An entry that was found.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Score">How well it fits, by what the request asked for: larger is better. Comparable within one answer only.</param>
/// <param name="TextRank">Its place in the list by words, from 1; null when it is not in it.</param>
/// <param name="VectorRank">Its place in the list by vectors, from 1; null when it is not in it.</param>
/// <param name="Distance">How far its vector is from the query's: 1 − cosine; null when it is not in that list.</param>
public sealed record FoundEntry(MemoryEntry Entry, double Score, int? TextRank, int? VectorRank, double? Distance);

/// <summary>What a search found.</summary>
/// <param name="Entries">The entries, best first. Each existed when the answer was made.</param>
/// <param name="Mode">By which lists.</param>
/// <param name="Revision">The memory's revision that the indexes had at least.</param>
/// <param name="Notes">What was left out, and why; empty as a rule.</param>
/// <param name="Parts">By which lists it was found: <c>text</c>, <c>vector</c> with the model, <c>filter</c>.</param>
public sealed record FindResult(IReadOnlyList<FoundEntry> Entries, FindMode Mode, long Revision, IReadOnlyList<string> Notes, IReadOnlyList<string> Parts);

/// <summary>How a search was answered.</summary>
/// <param name="Result">The answer.</param>
/// <param name="Filter">The filter in its canonical form; null for none.</param>
/// <param name="Lists">The lists that were fused.</param>
/// <param name="Steps">What was done, in order, in words.</param>
public sealed record FindExplanation(FindResult Result, string? Filter, IReadOnlyList<FindList> Lists, IReadOnlyList<string> Steps);

/// <summary>A list of candidates.</summary>
/// <param name="Name"><c>text</c>, or <c>vector</c> with the model.</param>
/// <param name="Plan">How it was made.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Candidates">The candidates, best first.</param>
/// <param name="Removed">Which better ones the filter took away, best first; at most <see cref="MaxRemoved"/>.</param>
public sealed record FindList(string Name, string Plan, double Weight, IReadOnlyList<FindCandidate> Candidates, IReadOnlyList<string> Removed)
{
    /// <summary>Most removed candidates that are named.</summary>
    public const int MaxRemoved = 100;
}

/// <summary>A candidate of one list.</summary>
/// <param name="Path">The entry.</param>
/// <param name="Value">BM25's score in a list by words (larger is better), the distance in one by vectors (smaller is better), the time of the last write in one by a filter.</param>
public readonly record struct FindCandidate(string Path, double Value);
