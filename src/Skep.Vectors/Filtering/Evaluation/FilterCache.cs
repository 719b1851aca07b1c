using System.Collections.Concurrent;

namespace Skep.Vectors.Filtering;

/// <summary>
/// Keeps what filters let through, by canonical text, for as long as the rows are the same. Looking up takes no lock. When there is no room, sets that were
/// not asked for since the last round go first (the clock algorithm).
/// </summary>
/// <param name="maxBytes">Bytes that the sets may take together; a set takes an eighth of a byte for each row.</param>
/// <param name="maxSets">How many sets may be kept.</param>
public sealed class FilterCache(long maxBytes = 16 << 20, int maxSets = 1024)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<string> _round = new();
    private readonly Lock _lock = new();
    private long _bytes;
    private long _hits;
    private long _misses;

    /// <summary>How many sets are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes that are taken, about.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How often a set was there.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>How often a set had to be made.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>The rows that a filter lets through, from the cache where it has them.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="view">The rows. Sets of other rows are made anew.</param>
    /// <exception cref="VectorException"><see cref="VectorFault.BadFilter"/>: a field is unknown, or a value does not fit it.</exception>
    public RowSet Get(Filter filter, FieldView view)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(view);
        var key = filter.ToString();
        if (_entries.TryGetValue(key, out var known) && known.Fits(view))
        {
            known.Used = true;
            Interlocked.Increment(ref _hits);
            return known.Set;
        }

        Interlocked.Increment(ref _misses);
        var set = filter.Compile(view);
        Put(key, new Entry(set, view.Owner, (set.Words.Length * 8L) + (key.Length * 2L) + 160));
        return set;
    }

    /// <summary>Forgets all sets, such as those of rows that compaction has renumbered.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _round.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }
    }

    private void Put(string key, Entry entry)
    {
        if (entry.Bytes > maxBytes || maxSets < 1)
        {
            return;
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var old))
            {
                Interlocked.Add(ref _bytes, -old.Bytes);
            }
            else
            {
                _round.Enqueue(key);
            }

            _entries[key] = entry;
            Interlocked.Add(ref _bytes, entry.Bytes);
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        while (_bytes > maxBytes || _entries.Count > maxSets)
        {
            var key = _round.Dequeue();
            var entry = _entries[key];
            if (entry.Used)
            {
                entry.Used = false;
                _round.Enqueue(key);
            }
            else if (_entries.TryRemove(key, out _))
            {
                Interlocked.Add(ref _bytes, -entry.Bytes);
            }
        }
    }

    private sealed class Entry(RowSet set, FieldColumns owner, long bytes)
    {
        private readonly WeakReference<FieldColumns> _owner = new(owner);

        public RowSet Set { get; } = set;

        public long Bytes { get; } = bytes;

        public bool Used { get; set; }

        public bool Fits(FieldView view) => Set.Rows == view.Rows && _owner.TryGetTarget(out var owner) && ReferenceEquals(owner, view.Owner);
    }
}
