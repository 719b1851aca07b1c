namespace Skep.Vectors.Collections;

/// <summary>What was found when a collection was opened.</summary>
/// <param name="Replayed">Records of the log that were read.</param>
/// <param name="TornBytes">Bytes at the end of the log that a crash left behind and that nobody had been told about; they were cut off.</param>
/// <param name="Rebuilt">Damaged parts that were made anew from others.</param>
/// <param name="Lost">What is damaged beyond repair; empty unless losses were accepted.</param>
public sealed record OpeningReport(long Replayed, long TornBytes, IReadOnlyList<string> Rebuilt, IReadOnlyList<string> Lost);

/// <summary>What a check of all files found.</summary>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="Problems">What is damaged, and what is done about it.</param>
public sealed record VerificationReport(long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>Whether every byte is as it was written.</summary>
    public bool IsSound => Problems.Count == 0;
}
