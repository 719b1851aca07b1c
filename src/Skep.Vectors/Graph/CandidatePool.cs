using System.Runtime.CompilerServices;

namespace Skep.Vectors.Graph;

/// <summary>The best candidates so far, nearest first, in one array: candidates are few, so moving a few bytes is faster than a heap.</summary>
internal unsafe ref struct CandidatePool
{
    private readonly Candidate* _items;
    private readonly int _capacity;

    /// <param name="items">Room for <paramref name="capacity"/> candidates and one more.</param>
    /// <param name="capacity">How many are kept.</param>
    /// <param name="count">How many are there already, nearest first.</param>
    public CandidatePool(Candidate* items, int capacity, int count = 0)
    {
        _items = items;
        _capacity = capacity;
        Count = count;
    }

    public int Count { get; private set; }

    /// <summary>The distance that a newcomer has to be below.</summary>
    public readonly float Worst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count < _capacity ? float.PositiveInfinity : _items[_capacity - 1].Distance;
    }

    public readonly Candidate* Items => _items;

    /// <summary>Puts a candidate in its place and returns that place. The caller has seen that it is nearer than <see cref="Worst"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(int row, float distance)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_items[middle].Distance > distance) high = middle;
            else low = middle + 1;
        }

        var moved = Math.Min(Count, _capacity - 1) - low;
        if (moved > 0) Buffer.MemoryCopy(_items + low, _items + low + 1, moved * (long)sizeof(Candidate), moved * (long)sizeof(Candidate));
        _items[low] = new Candidate(row, distance);
        if (Count < _capacity) Count++;
        return low;
    }
}
