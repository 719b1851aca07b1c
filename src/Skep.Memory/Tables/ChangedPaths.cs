namespace Skep.Memory.Tables;

/// <summary>The entries that a transaction has changed, for caches: up to a bound, beyond which it is all.</summary>
internal sealed class ChangedPaths
{
    /// <summary>Most entries that are named.</summary>
    internal const int Most = 1_000;

    private readonly List<(string Path, long Revision, bool Removed)> _changes = [];

    /// <summary>Whether there were too many to name.</summary>
    internal bool All { get; private set; }

    /// <summary>The highest revision.</summary>
    internal long Revision { get; private set; }

    internal IReadOnlyList<(string Path, long Revision, bool Removed)> Changes => _changes;

    internal void Add(string path, long revision, bool removed)
    {
        Revision = revision;
        if (_changes.Count < Most) _changes.Add((path, revision, removed));
        else All = true;
    }
}
