using Skep.Embeddings;
using Skep.Memory.Tables;
using Skep.Vectors.Collections;

namespace Skep.Memory.Finding;

/// <summary>
/// The vectors of a memory, by model, in a folder beside the database. They follow the log of changes; where that does not reach back to what they know, or
/// the folder is gone, they are compared with the entries one by one. What the database holds is the truth: losing the folder loses nothing but time.
/// </summary>
internal sealed class VectorIndexes(MemoryStore memory, string? folder, EmbedderFactory? embedders, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Entries that are read and embedded at once.</summary>
    private const int Batch = 500;

    /// <summary>Changes after which the state is written though nobody closes the indexes.</summary>
    private const int SaveEvery = 2_000;

    /// <summary>Vectors that take seconds to be moved into the graph.</summary>
    private const int Many = 5_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<IndexKey, ModelIndex> _indexes = [];
    private readonly Dictionary<string, IEmbedder> _embedders = new(StringComparer.Ordinal);
    private NamespaceModels _models = NamespaceModels.None;
    private long _revision = -1;
    private long _saved = -1;
    private long _written;

    /// <summary>Up to which revision the vectors are there; -1 before the first time.</summary>
    internal long Revision => Volatile.Read(ref _revision);

    /// <summary>The models of the namespaces.</summary>
    internal NamespaceModels Models => _models;

    /// <summary>An index; null when no namespace has it.</summary>
    internal ModelIndex? Of(IndexKey key) => _indexes.GetValueOrDefault(key);

    /// <summary>All indexes.</summary>
    internal IReadOnlyCollection<ModelIndex> All => _indexes.Values;

    /// <summary>Brings the vectors up to the memory's present revision, and keeps them so while some work runs.</summary>
    internal async Task<T> WithAsync<T>(Func<Task<T>> work, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await FollowAsync(progress, cancel);
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Compares all entries again.</summary>
    internal async Task RebuildAsync(bool anew, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (anew) await ForgetAsync();
            _revision = -1;
            await FollowAsync(progress, cancel, compare: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The embedder of a model by the name that people gave it; null where callers bring the vectors.</summary>
    internal async ValueTask<IEmbedder?> EmbedderAsync(string spec, CancellationToken cancel)
    {
        if (ModelSpec.IsOwn(spec)) return null;
        if (_embedders.TryGetValue(spec, out var known)) return known;
        var made = ModelSpec.Embedder(spec) ?? (embedders is null ? throw ModelSpec.Bad(spec, "this program has no models beyond hash:DIMENSIONS and own:NAME:DIMENSIONS") : await embedders(spec, cancel));
        return _embedders[spec] = made;
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        if (_revision >= 0) Save();
        foreach (var index in _indexes.Values) await index.DisposeAsync();
        _indexes.Clear();
        _turn.Dispose();
    }

    private async Task FollowAsync(IProgress<IndexProgress>? progress, CancellationToken cancel, bool compare = false)
    {
        var now = memory.Query(static sql => (Revision: MemoryState.Load(sql).Revision, Models: NamespaceModels.Load(sql)), (Revision: 0, Models: NamespaceModels.None));
        if (_revision == now.Revision && _models.Print == now.Models.Print)
        {
            _models = now.Models; // How wide to search may have changed.
            return;
        }

        var schema = memory.Query(EntrySchema.Load, EntrySchema.Empty);
        var isNew = await OpenAsync(now.Models, schema);
        if (_revision < 0 && !compare && !isNew) _revision = Remembered();
        if (_revision < 0 || compare || isNew)
        {
            // Should this end half-way, what was noted before must not count.
            FollowState.Forget(folder);
            (_revision, _saved) = (-1, -1);
            _written = 0;
            await CompareAsync(schema, progress, cancel);
            // So many were made anew that a process which is killed or closed soon should not have to do it again.
            if (_written >= Many) await Task.WhenAll(_indexes.Values.Select(i => i.CompactAsync(cancel)));
        }

        while (_revision < now.Revision) await StepAsync(schema, progress, cancel);
        foreach (var index in _indexes.Values) index.CompactSoon();
        if (_revision - _saved >= SaveEvery || _saved < 0) Save();
    }

    /// <summary>Opens what is missing. Indexes of models that no namespace has any more are removed.</summary>
    private async Task<bool> OpenAsync(NamespaceModels models, EntrySchema schema)
    {
        var changed = models.Print != _models.Print && _revision >= 0;
        var wanted = models.All.Select(static m => m.Key).ToHashSet();
        foreach (var (key, index) in _indexes.Where(i => !wanted.Contains(i.Key)).ToList())
        {
            _indexes.Remove(key);
            await index.DisposeAsync();
        }

        RemoveFoldersBut(wanted);
        foreach (var key in wanted)
        {
            if (_indexes.TryGetValue(key, out var there))
            {
                changed |= await there.RequireFieldsAsync(schema);
                continue;
            }

            (_indexes[key], var isNew) = ModelIndex.Open(folder, key, schema, time);
            changed |= isNew;
        }

        _models = models;
        return changed;
    }

    private void RemoveFoldersBut(HashSet<IndexKey> wanted)
    {
        if (folder is null || !Directory.Exists(folder)) return;
        var names = wanted.Select(ModelIndex.FolderOf).ToHashSet(StringComparer.Ordinal);
        foreach (var other in Directory.EnumerateDirectories(folder).Where(d => !names.Contains(Path.GetFileName(d))).ToList()) Directory.Delete(other, recursive: true);
    }

    /// <summary>The revision that an earlier process reached, if its indexes are of this memory; else -1.</summary>
    private long Remembered()
    {
        if (FollowState.Load(folder) is not { } state || state.Models != _models.Print) return -1;
        var (revision, mark) = memory.Query(sql => (MemoryState.Load(sql).Revision, ChangeLog.MarkOf(sql, state.Revision)), (0L, (string?)null));
        _saved = state.Revision;
        return state.Revision <= revision && state.Mark == mark && mark is not null ? state.Revision : -1;
    }

    private void Save()
    {
        var mark = memory.Query(sql => ChangeLog.MarkOf(sql, _revision), null);
        new FollowState(FollowState.Current, _revision, mark, _models.Print).Save(folder);
        _saved = _revision;
    }

    /// <summary>Takes in the next changes.</summary>
    private async Task StepAsync(EntrySchema schema, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (memory.Query(sql => ChangeLog.PathsAfter(sql, _revision, Batch), null) is not { } changes)
        {
            await CompareAsync(schema, progress, cancel);
            return;
        }

        var entries = memory.Query(sql => changes.Paths.Select(p => Read(sql, p)).Where(static e => e is not null).Select(static e => e!.Value).ToList(), []);
        await PutAsync(entries, changes.Paths, schema, cancel);
        _revision = changes.UpTo;
    }

    /// <summary>Compares all entries with all records. Writes go on meanwhile; they are taken in afterwards.</summary>
    private async Task CompareAsync(EntrySchema schema, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        var (from, total) = memory.Query(static sql => (MemoryState.Load(sql).Revision, MemoryState.Load(sql).Entries), (0L, 0L));
        string? after = null;
        for (var done = 0L; ;)
        {
            var (page, seen, next) = memory.Query(sql => Page(sql, after), ([], 0, null));
            await PutAsync(page, [.. page.Select(static e => e.Entry.Path)], schema, cancel);
            progress?.Report(new IndexProgress("vectors", done += seen, Math.Max(done, total)));
            if ((after = next) is null) break;
        }

        foreach (var index in _indexes.Values) await RemoveOrphansAsync(index, cancel);
        _revision = from;
    }

    /// <summary>The next entries whose records are not as they should be, how many were looked at, and where to go on.</summary>
    private (List<EntryToIndex> Entries, int Seen, string? Next) Page(Storage.SqlSession sql, string? after)
    {
        var (entries, seen, last) = (new List<EntryToIndex>(), 0, "");
        foreach (var head in EntryReader.Scan(sql, MemoryPrefix.All, after, withValues: false, Batch))
        {
            (seen, last) = (seen + 1, head.Path);
            if (IsThere(head)) continue;
            if (Read(sql, head.Path) is { } entry) entries.Add(entry);
        }

        return (entries, seen, seen == Batch ? last : null);
    }

    private bool IsThere(MemoryEntry head) =>
        _indexes[_models.Of(MemoryPath.NamespaceOf(head.Path)).Key].Collection.Get(head.Path) is { Fields: { } fields } && fields["revision"] == head.Revision;

    private static EntryToIndex? Read(Storage.SqlSession sql, string path) =>
        EntryReader.Find(sql, path) is { } entry ? new EntryToIndex(entry, VectorTable.Find(sql, path)) : null;

    /// <summary>Writes the records of entries, and takes away those of paths that have none.</summary>
    private async Task PutAsync(List<EntryToIndex> entries, IReadOnlyList<string> paths, EntrySchema schema, CancellationToken cancel)
    {
        if (paths.Count == 0) return;
        foreach (var group in paths.GroupBy(p => _models.Of(MemoryPath.NamespaceOf(p))))
        {
            var collection = _indexes[group.Key.Key].Collection;
            var of = group.ToHashSet(StringComparer.Ordinal);
            var embedding = new EntryEmbedding(group.Key.Model, await EmbedderAsync(group.Key.Spec, cancel), schema);
            var records = await embedding.RecordsAsync([.. entries.Where(e => of.Contains(e.Entry.Path))], cancel);
            _written += records.Count;
            of.ExceptWith(records.Select(static r => r.Key));
            await collection.UpsertAsync(records, cancel);
            await collection.DeleteAsync([.. of.Where(p => collection.Get(p) is not null)], cancel);
        }
    }

    private async Task RemoveOrphansAsync(ModelIndex index, CancellationToken cancel)
    {
        var orphans = new List<string>();
        for (var next = 0; next >= 0;)
        {
            (var keys, next) = index.Collection.Keys(next, Batch);
            orphans.AddRange(memory.Query(sql => keys.Where(k => _models.Of(MemoryPath.NamespaceOf(k)).Key != index.Key || EntryHead.Find(sql, k) is null).ToList(), [.. keys]));
        }

        foreach (var chunk in orphans.Distinct(StringComparer.Ordinal).Chunk(CollectionOptions.MaxBatch)) await index.Collection.DeleteAsync(chunk, cancel);
    }

    private async Task ForgetAsync()
    {
        FollowState.Forget(folder);
        foreach (var index in _indexes.Values) await index.DisposeAsync();
        _indexes.Clear();
        RemoveFoldersBut([]);
    }
}
