using Skep.Coding.Git;

namespace Skep.Coding.Merging;

/// <summary>What comes into a merge queue.</summary>
public abstract record MergeInput;

/// <summary>A branch is submitted.</summary>
/// <param name="Work">What it is.</param>
public sealed record SubmitWork(BranchWork Work) : MergeInput;

/// <summary>A submission is taken back.</summary>
/// <param name="Key">Its key.</param>
/// <param name="By">Who wants that.</param>
public sealed record WithdrawWork(string Key, string By) : MergeInput;

/// <summary>Another process has taken the queue up.</summary>
public sealed record Recovered : MergeInput;

/// <summary>The target was looked at before a candidate is made.</summary>
/// <param name="Entry">For which entry.</param>
/// <param name="Tip">Its tip.</param>
public sealed record TipRead(int Entry, string Tip) : MergeInput;

/// <summary>Integration has ended.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Result">What came of it.</param>
public sealed record Integrated(int Entry, Integration Result) : MergeInput;

/// <summary>A check is about to begin.</summary>
/// <param name="Entry">Of which entry.</param>
public sealed record CheckStarting(int Entry) : MergeInput;

/// <summary>A check has ended.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Check">Number of the check.</param>
/// <param name="Verdict">What it says; null when it could not be run.</param>
/// <param name="Why">Why it could not be run.</param>
public sealed record CheckEnded(int Entry, int Check, CheckVerdict? Verdict, string? Why = null) : MergeInput;

/// <summary>The target was looked at before a checked candidate is landed.</summary>
/// <param name="Entry">For which entry.</param>
/// <param name="Tip">Its tip.</param>
public sealed record LandingStarting(int Entry, string Tip) : MergeInput;

/// <summary>A landing has been tried, or was found to have happened.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Result">What came of it.</param>
public sealed record LandingEnded(int Entry, Landing Result) : MergeInput;

/// <summary>Something that is not the branch's fault hinders.</summary>
/// <param name="Entry">Which entry.</param>
/// <param name="Why">What, and what helps.</param>
public sealed record Hindered(int Entry, string Why) : MergeInput;

/// <summary>What a check of a candidate says.</summary>
/// <param name="Passed">Whether it may land.</param>
/// <param name="Evidence">What was found; for a failure, what its author needs to mend it.</param>
public sealed record CheckVerdict(bool Passed, string Evidence);

/// <summary>What follows from an input.</summary>
/// <param name="Events">To be made durable, then applied.</param>
/// <param name="Refusal">Why nothing follows, or null.</param>
public sealed record MergeDecision(IReadOnlyList<MergeEvent> Events, string? Refusal = null);
