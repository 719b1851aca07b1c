namespace Skep.Memory;

/// <summary>What a restore does with entries that are there already.</summary>
public enum RestoreMode
{
    /// <summary>Refuses when the file's prefix has any.</summary>
    IntoEmpty,

    /// <summary>Keeps those that were written at the same time as the file's, or later; replaces older ones.</summary>
    KeepNewer,

    /// <summary>Replaces them all.</summary>
    Overwrite,
}

/// <summary>What a restore has done.</summary>
/// <param name="Restored">Entries that were written.</param>
/// <param name="Kept">Entries that were kept because they are newer.</param>
/// <param name="Expired">Entries of the file whose time was up.</param>
/// <param name="Revision">The memory's revision afterwards.</param>
public readonly record struct RestoreResult(long Restored, long Kept, long Expired, long Revision);
