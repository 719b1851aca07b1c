using System.Collections.Concurrent;

namespace Skep.Coding.Merging;

/// <summary>Where an entry stands.</summary>
public enum EntryStatus
{
    /// <summary>Waits for its turn, or for another candidate after the target has moved.</summary>
    Queued,

    /// <summary>A candidate is being made.</summary>
    Integrating,

    /// <summary>There is a candidate, which is checked.</summary>
    Checking,

    /// <summary>The candidate is good and not in the target yet.</summary>
    Landing,

    /// <summary>Over: the work is part of the target.</summary>
    Landed,

    /// <summary>Over: the branch has come back with its evidence.</summary>
    HandedBack,

    /// <summary>Over: it was taken back before it landed.</summary>
    Withdrawn,
}

/// <summary>An entry of a merge queue. Changed by <see cref="MergeCore.Apply"/> only.</summary>
public sealed class MergeEntry
{
    internal MergeEntry(int number, BranchWork work) => (Number, Work) = (number, work);

    /// <summary>Its number in the queue, from 1: the order in which entries are integrated.</summary>
    public int Number { get; }

    /// <summary>What it is.</summary>
    public BranchWork Work { get; }

    /// <summary>Where it stands.</summary>
    public EntryStatus Status { get; internal set; }

    /// <summary>The target's tip that the candidate is made on.</summary>
    public string? Tip { get; internal set; }

    /// <summary>The candidate.</summary>
    public string? Candidate { get; internal set; }

    /// <summary>Number of the check that is under way, or null.</summary>
    public int? OpenCheck { get; internal set; }

    /// <summary>Checks begun.</summary>
    public int Checks { get; internal set; }

    /// <summary>What the check of the candidate has found.</summary>
    public string? Evidence { get; internal set; }

    /// <summary>Whether the target may have been moved already.</summary>
    public bool IsLandingBegun { get; internal set; }

    /// <summary>How often the target has moved away from under it.</summary>
    public int Moves { get; internal set; }

    /// <summary>Checks that could not be run.</summary>
    public int FailedChecks { get; internal set; }

    /// <summary>Checks that ended with their process.</summary>
    public int InterruptedChecks { get; internal set; }

    /// <summary>What hinders it, or null.</summary>
    public string? Held { get; internal set; }

    /// <summary>How it landed, or null.</summary>
    public EntryLanded? Landed { get; internal set; }

    /// <summary>Why it was handed back, or null.</summary>
    public EntryHandedBack? HandedBack { get; internal set; }

    /// <summary>Who has taken it back, or null.</summary>
    public EntryWithdrawn? Withdrawn { get; internal set; }

    /// <summary>Whether it is over.</summary>
    public bool IsSettled => Status is EntryStatus.Landed or EntryStatus.HandedBack or EntryStatus.Withdrawn;
}

/// <summary>A merge queue, folded from its log.</summary>
public sealed class MergeState
{
    internal List<MergeEntry> EntryList { get; } = [];

    internal ConcurrentDictionary<string, MergeEntry> ByKey { get; } = [];

    /// <summary>The first so many entries are over. They are settled in order; only what is withdrawn may be over before those ahead of it.</summary>
    internal int Settled { get; set; }

    /// <summary>Entries that were withdrawn while others were ahead of them.</summary>
    internal int WithdrawnBehind { get; set; }

    /// <summary>How it began; null before that.</summary>
    public QueueOpened? Opened { get; internal set; }

    /// <summary>All entries, in order.</summary>
    public IReadOnlyList<MergeEntry> Entries => EntryList;

    /// <summary>The entry that is being integrated, or null.</summary>
    public MergeEntry? Head => Settled < EntryList.Count ? EntryList[Settled] : null;

    /// <summary>Entries that are not over.</summary>
    public int Waiting => EntryList.Count - Settled - WithdrawnBehind;

    /// <summary>Number of the last event.</summary>
    public long Seq { get; internal set; }

    /// <summary>The entry of a submission, or null.</summary>
    public MergeEntry? Find(string key) => ByKey.GetValueOrDefault(key);

    /// <summary>The entry of a submission if it is over, or null. May be asked from any thread.</summary>
    internal MergeEntry? FindSettled(string key) => ByKey.GetValueOrDefault(key) is { IsSettled: true } entry ? entry : null;
}
