using Skep.Memory.Tables;

namespace Skep.Memory.Caching;

/// <summary>
/// Keeps the cache out of the way of a write: from before its commit until it is acknowledged the entries that it changes are read from the database, so that who
/// saw the change in a list or a watch never gets the older value after that.
/// </summary>
internal sealed class ChangingEntries(EntryCache? cache) : IDisposable
{
    private readonly List<string?> _held = [];
    private ChangedPaths? _changed;

    /// <summary>The work has been done, and will be committed; it may be done again if that fails.</summary>
    internal void Hold(ChangedPaths changed)
    {
        if (cache is null) return;
        _changed = changed;
        if (changed.All) Hold((string?)null);
        else foreach (var (path, _, _) in changed.Changes) Hold(path);
    }

    internal void Committed()
    {
        if (_changed is { } changed) cache!.Changed(changed);
    }

    public void Dispose()
    {
        foreach (var path in _held) cache!.Layers.Release(path);
    }

    private void Hold(string? path)
    {
        cache!.Layers.Hold(path);
        _held.Add(path);
    }
}
