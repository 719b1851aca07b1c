using Skep.Embeddings;
using Skep.Embeddings.FullText;
using Skep.Memory.Tables;
using Skep.Storage;
using Skep.Vectors;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>
/// The full text and the metadata of all entries in memory, for processes that answer many searches: BM25 over 100,000 entries takes FTS5 tens of milliseconds where words are common,
/// and this a fraction of one. Filled in the background once, then it follows the log of changes. One search at a time.
/// </summary>
internal sealed class WarmTexts(MemoryStore memory)
{
    /// <summary>Entries from which it is worth its memory (about 600 bytes an entry); for fewer FTS5 is fast enough.</summary>
    internal const int From = 2_000;

    /// <summary>Entries that are read at once.</summary>
    private const int Batch = 1_000;

    private readonly Lock _gate = new();
    private Rows? _rows;
    private Task _warming = Task.CompletedTask;
    private bool _isTooLarge;

    /// <summary>The filling under way, or the last one.</summary>
    internal Task Warming
    {
        get
        {
            lock (_gate) return _warming;
        }
    }

    /// <summary>Begins to fill it, unless it is filled, being filled, or not worth it.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            if (_rows is not null || _isTooLarge || !_warming.IsCompleted) return;
            if (memory.Query(static sql => MemoryState.Load(sql).Entries, 0) < From) return;
            _warming = Task.Run(Fill);
        }
    }

    /// <summary>Fills it now, if it is not.</summary>
    internal void Require()
    {
        lock (_gate)
        {
            if (_rows is null) _rows = Read();
        }
    }

    /// <summary>The best entries; null when it cannot say, as it is not filled.</summary>
    internal FindList? Search(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight)
    {
        lock (_gate)
        {
            if (_rows is null || !Follow()) return null;
            try
            {
                return _rows.Search(text, prefix, filter, most, weight);
            }
            catch (VectorException)
            {
                return null; // A member of JSON that no entry has any more is only known to the database.
            }
        }
    }

    private void Fill()
    {
        try
        {
            var rows = Read();
            lock (_gate) _rows = rows;
        }
        catch (EmbeddingException)
        {
            lock (_gate) _isTooLarge = true; // FTS5 goes on answering.
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            // The folder is being closed, or cannot be read: searches will say so.
        }
    }

    private Rows Read()
    {
        var rows = new Rows(memory.Query(EntrySchema.Load, EntrySchema.Empty), memory.Query(static sql => MemoryState.Load(sql).Revision, 0));
        string? after = null;
        do
        {
            var page = memory.Query(sql => EntryReader.Scan(sql, MemoryPrefix.All, after, withValues: true, Batch).Take(Batch).ToList(), []);
            foreach (var entry in page) rows.Put(entry);
            after = page.Count == Batch ? page[^1].Path : null;
        }
        while (after is not null);
        return rows;
    }

    /// <summary>Takes in what has changed; false when that is no longer known, and it has to be filled anew.</summary>
    private bool Follow()
    {
        try
        {
            while (memory.Query(static sql => MemoryState.Load(sql).Revision, 0) is var now && _rows!.Revision != now)
            {
                if (memory.Query(sql => ChangeLog.PathsAfter(sql, _rows.Revision, Batch), null) is not { } changes || _rows.IsWorn) return GiveUp();
                _rows.Schema = memory.Query(EntrySchema.Load, EntrySchema.Empty);
                foreach (var path in changes.Paths) _rows.Put(path, memory.Query(sql => EntryReader.Find(sql, path), null));
                _rows.Revision = changes.UpTo;
            }

            return true;
        }
        catch (EmbeddingException)
        {
            _isTooLarge = true;
            return GiveUp();
        }
    }

    private bool GiveUp()
    {
        _rows = null;
        return false;
    }

    /// <summary>Entries by row. A row that was replaced or removed stays, and is not found.</summary>
    private sealed class Rows(EntrySchema schema, long revision)
    {
        private readonly TextIndex _texts = new();
        private readonly FieldColumns _columns = new(new FieldSchema(schema.Fields.Fields));
        private readonly FilterCache _filters = new();
        private readonly List<string> _paths = [];
        private readonly Dictionary<string, int> _rowOf = new(StringComparer.Ordinal);

        internal EntrySchema Schema { get; set; } = schema;

        internal long Revision { get; set; } = revision;

        /// <summary>Whether most rows are dead.</summary>
        internal bool IsWorn => _paths.Count > From && _paths.Count > 2 * _rowOf.Count;

        internal void Put(string path, MemoryEntry? entry)
        {
            if (_rowOf.Remove(path, out var row)) _texts.Remove(row);
            if (entry is not null) Put(entry);
        }

        internal void Put(MemoryEntry entry)
        {
            var row = _columns.Append(Schema.Of(entry));
            _texts.Put(row, $"{entry.Path}\n{TextTable.TextOf(entry.ContentType, entry.Value!.Value.Span)}");
            _paths.Add(entry.Path);
            _rowOf[entry.Path] = row;
        }

        internal FindList Search(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight)
        {
            var pass = filter is null ? null : _filters.Get(filter.Filter, _columns.View);
            var removed = new List<(long Row, int Order)>();
            var hits = _texts.Search(text, most, row =>
            {
                if (!prefix.Contains(_paths[(int)row])) return false;
                if (pass is null || pass.Contains((int)row)) return true;
                if (removed.Count < FindList.MaxRemoved) removed.Add((row, removed.Count));
                return false;
            });
            var plan = $"index in memory, BM25 over name and text of {_rowOf.Count} entries{(pass is null ? "" : $"; the filter lets {pass.Count} rows of {_paths.Count} through")}";
            return new FindList("text", plan, weight, [.. hits.Select(h => new FindCandidate(_paths[(int)h.Key], h.Score))], [.. removed.Select(r => _paths[(int)r.Row])]);
        }
    }
}
