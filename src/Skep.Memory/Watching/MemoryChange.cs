namespace Skep.Memory;

/// <summary>What happened to an entry.</summary>
public enum MemoryChangeKind
{
    /// <summary>It was stored.</summary>
    Stored = 0,

    /// <summary>It was deleted.</summary>
    Deleted = 1,

    /// <summary>Its time was up.</summary>
    Expired = 2,

    /// <summary>
    /// Not a change: those up to <see cref="MemoryChange.Revision"/> are no longer remembered. List the entries anew; the watch goes on after that revision.
    /// </summary>
    Lagged = 3,
}

/// <summary>A change of the memory, as watchers see it.</summary>
/// <param name="Revision">Its number; the changes of a memory are numbered without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Path">To which entry; empty for <see cref="MemoryChangeKind.Lagged"/>.</param>
/// <param name="Version">The version that was stored or removed.</param>
/// <param name="AtUnixMs">When, Unix milliseconds.</param>
/// <param name="Entry">What was stored, unless it was replaced or removed before the watcher came to it: then a later change follows.</param>
public sealed record MemoryChange(long Revision, MemoryChangeKind Kind, string Path, long Version, long AtUnixMs, MemoryEntry? Entry = null);

/// <summary>Some changes, in order.</summary>
/// <param name="Changes">Those that were asked for.</param>
/// <param name="Revision">Up to where all changes were looked at: ask for those after this next.</param>
/// <param name="AtEnd">Whether there were no later ones.</param>
public sealed record ChangePage(IReadOnlyList<MemoryChange> Changes, long Revision, bool AtEnd);
