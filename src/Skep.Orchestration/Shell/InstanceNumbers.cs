namespace Skep.Orchestration;

/// <summary>
/// Which instances of one agent spec are free. The lowest one that has been at work or was spawned is taken first; only when all of these have work,
/// a further one of those that the plan gives. A closed one is never taken again.
/// </summary>
/// <param name="replicas">How many the plan gives; <see cref="int.MaxValue"/> for no bound.</param>
internal sealed class InstanceNumbers(int replicas)
{
    private readonly PriorityQueue<int, int> _free = new();
    private readonly HashSet<int> _taken = [];
    private readonly HashSet<int> _extra = [];
    private readonly HashSet<int> _closed = [];
    private int _next = 1;
    private long _open = replicas;

    /// <summary>Whether any instance is left that takes work, now or later.</summary>
    public bool HasAny => _open > 0;

    /// <summary>Takes a free instance.</summary>
    public bool TryTake(out int number)
    {
        while (_free.TryDequeue(out number, out _))
            if (!_closed.Contains(number) && _taken.Add(number)) return true;
        while (_next <= replicas)
        {
            number = _next++;
            if (!_closed.Contains(number) && !_extra.Contains(number) && _taken.Add(number)) return true;
        }

        number = 0;
        return false;
    }

    /// <summary>Takes one instance, which had the work before a process ended; also one that has been closed since. False when it has other work.</summary>
    public bool TryTake(int number) => _taken.Add(number);

    /// <summary>Frees an instance. Says whether it was closed meanwhile, and is gone with that.</summary>
    public bool GiveBack(int number)
    {
        _taken.Remove(number);
        if (_closed.Contains(number)) return true;
        _free.Enqueue(number, number);
        return false;
    }

    /// <summary>Adds an instance beyond what the plan gives. Without a bound it may have begun by itself already, which is the same.</summary>
    public void Open(int number)
    {
        if (number < _next || !_extra.Add(number)) return;
        _open++;
        _free.Enqueue(number, number);
    }

    /// <summary>Gives an instance nothing more. Says whether it holds nothing.</summary>
    public bool Close(int number)
    {
        if (_closed.Add(number) && (number <= replicas || _extra.Contains(number))) _open--;
        return !_taken.Contains(number);
    }
}
