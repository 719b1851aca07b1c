using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>Files that an agent has for itself while it works.</summary>
/// <param name="Repository">The repository's common directory.</param>
/// <param name="Key">The attempt.</param>
/// <param name="Agent">Name of the agent.</param>
/// <param name="Globs">Globs from the root of the repository; none: it has no files for itself.</param>
internal sealed record Owner(string Repository, string Key, string Agent, IReadOnlyList<string> Globs)
{
    /// <summary>A glob of each that can be the same file, or null.</summary>
    public (string Own, string Other)? Meets(Owner other)
    {
        if (Repository != other.Repository) return null;
        foreach (var own in Globs)
            foreach (var theirs in other.Globs)
                if (Glob.Intersect(own, theirs)) return (own, theirs);
        return null;
    }
}

/// <summary>
/// The coding agents at work in this process, and those that wait because another has their files. Each takes all that it owns at once and in the order of asking, so that
/// none waits for one that waits for it. Thread-safe.
/// </summary>
internal sealed class LiveOwners
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Owner> _all = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until no agent that came before has a common file, then holds the files until what is returned is disposed.</summary>
    /// <param name="owner">Who, and what.</param>
    /// <param name="waits">Told for whom it waits, each time that this is another.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IDisposable> EnterAsync(Owner owner, Action<string> waits, CancellationToken cancel)
    {
        LinkedListNode<Owner> place;
        lock (_lock) place = _all.AddLast(owner);
        try
        {
            for (string? told = null; ;)
            {
                Task changed;
                (Owner Who, string Own, string Other)? obstacle;
                lock (_lock) (obstacle, changed) = (ObstacleOf(place), _changed.Task);
                if (obstacle is not { } ahead) return new Entry(this, place);
                if (told != ahead.Who.Key) waits($"waits for {ahead.Who.Agent} ({ahead.Who.Key}), which owns '{ahead.Other}': '{ahead.Own}' can be the same file");
                told = ahead.Who.Key;
                await changed.WaitAsync(cancel);
            }
        }
        catch
        {
            Leave(place);
            throw;
        }
    }

    /// <summary>Those that work in a repository, without one of them.</summary>
    public IReadOnlyList<Owner> Others(Owner than)
    {
        lock (_lock)
        {
            var working = new List<Owner>();
            for (var at = _all.First; at is not null; at = at.Next)
                if (at.Value.Key != than.Key && at.Value.Repository == than.Repository && at.Value.Globs.Count > 0 && ObstacleOf(at) is null) working.Add(at.Value);
            return working;
        }
    }

    private static (Owner Who, string Own, string Other)? ObstacleOf(LinkedListNode<Owner> place)
    {
        for (var at = place.Previous; at is not null; at = at.Previous)
            if (place.Value.Meets(at.Value) is var (own, other)) return (at.Value, own, other);
        return null;
    }

    private void Leave(LinkedListNode<Owner> place)
    {
        lock (_lock)
        {
            _all.Remove(place);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Entry(LiveOwners owners, LinkedListNode<Owner> place) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) owners.Leave(place);
        }
    }
}
