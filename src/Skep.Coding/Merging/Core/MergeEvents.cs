using System.Text.Json.Serialization;

namespace Skep.Coding.Merging;

/// <summary>Something that happened in a merge queue: one entry of its log. Each is durable before the git command whose effect it announces.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "t")]
[JsonDerivedType(typeof(QueueOpened), "opened")]
[JsonDerivedType(typeof(EntryQueued), "queued")]
[JsonDerivedType(typeof(IntegrationBegun), "integration-begun")]
[JsonDerivedType(typeof(CandidateMade), "candidate-made")]
[JsonDerivedType(typeof(CheckBegun), "check-begun")]
[JsonDerivedType(typeof(CheckLost), "check-lost")]
[JsonDerivedType(typeof(CheckPassed), "check-passed")]
[JsonDerivedType(typeof(LandingBegun), "landing-begun")]
[JsonDerivedType(typeof(TargetMoved), "target-moved")]
[JsonDerivedType(typeof(EntryHeld), "held")]
[JsonDerivedType(typeof(EntryLanded), "landed")]
[JsonDerivedType(typeof(EntryWithdrawn), "withdrawn")]
[JsonDerivedType(typeof(EntryHandedBack), "handed-back")]
public abstract record MergeEvent;

/// <summary>The queue begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Target">The branch that it lands on.</param>
/// <param name="Method">How branches come into it.</param>
public sealed record QueueOpened(string Run, string Target, MergeMethod Method) : MergeEvent;

/// <summary>A branch waits for its turn.</summary>
/// <param name="Entry">Its number, from 1.</param>
/// <param name="Work">What it is.</param>
public sealed record EntryQueued(int Entry, BranchWork Work) : MergeEvent;

/// <summary>A candidate is being made.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Tip">The target's tip that it is made on.</param>
public sealed record IntegrationBegun(int Entry, string Tip) : MergeEvent;

/// <summary>The candidate is there; nothing points to it yet.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Commit">The candidate.</param>
/// <param name="Method">How it was made; a rebase falls back to a merge where the branch holds merges.</param>
public sealed record CandidateMade(int Entry, string Commit, MergeMethod Method) : MergeEvent;

/// <summary>The candidate is being checked, in a worktree of its own.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Check">Number of the check, from 1.</param>
public sealed record CheckBegun(int Entry, int Check) : MergeEvent;

/// <summary>Nobody knows what came of a check.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Check">Number of the check.</param>
/// <param name="Why">Why.</param>
/// <param name="Interrupted">The process ended meanwhile; otherwise the check itself could not be run.</param>
public sealed record CheckLost(int Entry, int Check, string Why, bool Interrupted) : MergeEvent;

/// <summary>The candidate is good.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Check">Number of the check.</param>
/// <param name="Evidence">What was found.</param>
public sealed record CheckPassed(int Entry, int Check, string Evidence) : MergeEvent;

/// <summary>The target is about to be moved.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="From">The target's tip, which must still be its tip.</param>
/// <param name="To">The candidate.</param>
public sealed record LandingBegun(int Entry, string From, string To) : MergeEvent;

/// <summary>Somebody else has moved the target: the candidate is made anew.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="From">Where the target was.</param>
/// <param name="Found">Where it is.</param>
public sealed record TargetMoved(int Entry, string From, string Found) : MergeEvent;

/// <summary>Something that is not the branch's fault hinders; it is tried again until it goes on.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Why">What hinders, and what helps.</param>
public sealed record EntryHeld(int Entry, string Why) : MergeEvent;

/// <summary>The work is part of the target.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Commit">The commit that landed; the target's tip when it held the work already.</param>
/// <param name="Note">What else there is to say, or null: nothing was to land, a checkout could not follow.</param>
public sealed record EntryLanded(int Entry, string Commit, string? Note) : MergeEvent;

/// <summary>Somebody has taken the submission back before it landed. Branch and worktree stay.</summary>
/// <param name="Entry">Which entry; it may wait behind others.</param>
/// <param name="By">Who.</param>
public sealed record EntryWithdrawn(int Entry, string By) : MergeEvent;

/// <summary>Why a branch is handed back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandBackReason>))]
public enum HandBackReason
{
    /// <summary>It conflicts with its target.</summary>
    Conflict,

    /// <summary>A gate does not pass on the candidate.</summary>
    GateFailed,

    /// <summary>The target was moved by others each time, <see cref="MergeCore.MaxMoves"/> times.</summary>
    TargetMoved,

    /// <summary>The check could not be run to its end.</summary>
    CheckLost,

    /// <summary>It cannot be integrated at all, such as without any common history.</summary>
    NotMergeable,
}

/// <summary>The branch is handed back, with what its author needs. Nothing of it is deleted.</summary>
/// <param name="Entry">Of which entry.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">The evidence, cut at <see cref="MergeCore.MaxEvidence"/> characters.</param>
/// <param name="Candidate">The candidate that was checked, or null.</param>
/// <param name="Conflict">The conflict, or null.</param>
public sealed record EntryHandedBack(int Entry, HandBackReason Reason, string Text, string? Candidate, ConflictDetails? Conflict) : MergeEvent;
