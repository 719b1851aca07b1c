using Skep.Embeddings.FullText;
using Skep.Memory.Tables;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>Text and metadata of entries in memory, by row. A row whose entry was replaced or removed stays, and is not found. One thread at a time.</summary>
internal sealed class TextRows(EntrySchema schema, long revision)
{
    /// <summary>Entries that are read at once.</summary>
    private const int Batch = 1_000;

    /// <summary>Rows below which it is not worth making them anew, however many are dead.</summary>
    private const int FewRows = 2_000;

    /// <summary>When a row was written whose entry was replaced or removed.</summary>
    private const long Dead = long.MinValue;

    private readonly TextIndex _texts = new();
    private readonly FieldColumns _columns = new(new FieldSchema(schema.Fields.Fields));
    private readonly FilterCache _filters = new();
    private readonly List<string> _paths = [];
    private readonly List<long> _expires = [];
    private readonly List<long> _updated = [];
    private readonly Dictionary<string, int> _rowOf = new(StringComparer.Ordinal);
    private EntrySchema _schema = schema;
    private string? _after;

    /// <summary>Up to which revision all changes of entries that were read are in it.</summary>
    internal long Revision { get; private set; } = revision;

    /// <summary>Whether all entries were read.</summary>
    internal bool IsFilled { get; private set; }

    /// <summary>Entries that are in it.</summary>
    internal int Count => _rowOf.Count;

    /// <summary>Rows, those that nothing finds any more among them.</summary>
    internal int Rows => _paths.Count;

    /// <summary>Whether most rows are dead.</summary>
    internal bool IsWorn => _paths.Count > FewRows && _paths.Count > 2 * _rowOf.Count;

    internal static TextRows Begin(MemoryStore memory) => memory.Query(static sql => new TextRows(EntrySchema.Load(sql), MemoryState.Load(sql).Revision), new TextRows(EntrySchema.Empty, 0));

    /// <summary>Reads the next entries, which may be of a later revision: <see cref="Follow"/> then meets them again.</summary>
    internal void ReadOn(MemoryStore memory)
    {
        var page = memory.Query(sql => EntryReader.Scan(sql, MemoryPrefix.All, _after, withValues: true, Batch).Take(Batch).ToList(), []);
        _schema = memory.Query(EntrySchema.Load, EntrySchema.Empty);
        foreach (var entry in page) Put(entry.Path, entry);
        if (page.Count < Batch) IsFilled = true;
        else _after = page[^1].Path;
    }

    /// <summary>Takes in what has changed; false when that is no longer known.</summary>
    internal bool Follow(MemoryStore memory)
    {
        while (memory.Query(static sql => MemoryState.Load(sql).Revision, 0) is var now && Revision != now)
        {
            if (memory.Query(sql => ChangeLog.PathsAfter(sql, Revision, Batch), null) is not { } changes) return false;
            _schema = memory.Query(EntrySchema.Load, EntrySchema.Empty);
            foreach (var path in changes.Paths) Put(path, memory.Query(sql => EntryReader.Find(sql, path), null));
            Revision = changes.UpTo;
        }

        return true;
    }

    /// <summary>The best entries. What prefix and filter let through is known before the first is scored.</summary>
    /// <param name="text">What is looked for.</param>
    /// <param name="prefix">Among which entries.</param>
    /// <param name="filter">Which of them; null for all.</param>
    /// <param name="most">How many.</param>
    /// <param name="weight">How much the list counts.</param>
    /// <param name="now">Entries that expire by then are not found.</param>
    /// <param name="explain">Whether to name what the filter took away, which takes a search more.</param>
    internal FindList Search(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight, long now, bool explain)
    {
        var within = Within(prefix);
        var pass = filter is null ? null : _filters.Get(filter.Filter, _columns.View);
        var hits = Among(within is null ? pass : pass?.And(within) ?? within, text, most, now);
        var removed = explain && pass is not null ? Removed((within ?? RowSet.All(pass.Rows)).AndNot(pass), text, hits, most, now) : [];
        var plan = $"index in memory, BM25 over name and text of {_rowOf.Count} entries{(pass is null ? "" : $"; the filter lets {pass.Count} rows of {_paths.Count} through")}";
        return new FindList("text", plan, weight, [.. hits.Select(h => new FindCandidate(_paths[(int)h.Key], h.Score))], [.. removed.Select(h => _paths[(int)h.Key])]);
    }

    /// <summary>The entries that pass a filter, last written first, expired ones among them: what <see cref="FilterList"/> gives, without looking at each entry.</summary>
    internal FindList Passing(MemoryPrefix prefix, EntryFilter filter, int most)
    {
        var pass = _filters.Get(filter.Filter, _columns.View);
        var best = new LastWritten(most);
        foreach (var row in Within(prefix) is { } within ? pass.And(within) : pass)
        {
            if (_updated[row] != Dead) best.Add(_paths[row], _updated[row]);
        }

        return new FindList("filter", $"index in memory; the filter lets {pass.Count} rows of {_paths.Count} through", 1, best.Take(), []);
    }

    /// <summary>Rows of a prefix; null for all.</summary>
    private RowSet? Within(MemoryPrefix prefix) => PrefixFilter.Of(prefix, null) is { } beneath ? _filters.Get(beneath, _columns.View) : null;

    private IReadOnlyList<TextHit> Among(RowSet? rows, string text, int most, long now)
    {
        bool IsThere(long row) => _expires[(int)row] > now;
        return rows is null ? _texts.Search(text, most, IsThere) : _texts.SearchAmong(rows.Words, text, most, IsThere);
    }

    /// <summary>The best that the filter took away, as far as they are better than the last one found.</summary>
    private IEnumerable<TextHit> Removed(RowSet refused, string text, IReadOnlyList<TextHit> hits, int most, long now)
    {
        var best = Among(refused, text, FindList.MaxRemoved, now);
        return hits.Count < most ? best : best.TakeWhile(h => h.Score > hits[^1].Score || (h.Score >= hits[^1].Score && h.Key < hits[^1].Key));
    }

    private void Put(string path, MemoryEntry? entry)
    {
        if (_rowOf.Remove(path, out var old))
        {
            _texts.Remove(old);
            _updated[old] = Dead;
        }

        if (entry is null) return;
        var row = _columns.Append(_schema.Of(entry));
        _texts.Put(row, $"{entry.Path}\n{TextTable.TextOf(entry.ContentType, entry.Value!.Value.Span)}");
        _paths.Add(path);
        _expires.Add(entry.ExpiresUnixMs ?? long.MaxValue);
        _updated.Add(entry.UpdatedUnixMs);
        _rowOf[path] = row;
    }
}
