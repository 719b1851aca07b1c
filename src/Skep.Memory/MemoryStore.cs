using Skep.Memory.Caching;
using Skep.Memory.Exchange;
using Skep.Memory.Searching;
using Skep.Memory.Tables;
using Skep.Memory.Watching;
using Skep.Storage;

namespace Skep.Memory;

/// <summary>
/// A memory: versioned entries in namespaces, in a store's database. Safe to use from many threads at once; writes share the store's group
/// commits and are on disk when their tasks complete.
/// <para>
/// An entry's version counts 1, 2, 3 …; an entry made after others were removed begins above the versions that those had, so that a version that was
/// once read never means another content of the same path. An entry with a time-to-live does not exist from its last millisecond on: no read serves
/// it, no expected version counts it, whether it was swept yet or not.
/// </para>
/// <para>One memory per store: its watchers are woken by its own writes.</para>
/// </summary>
public sealed class MemoryStore : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly TimeProvider _time;
    private readonly MemoryLimits _limits;
    private readonly ChangeSignal? _signal;
    private readonly Sweeper? _sweeper;
    private readonly EntryCache? _cache;

    private MemoryStore(SqliteStore store, TimeProvider time, MemoryLimits? limits, bool owner, ISharedCache? shared = null, Action<CacheNotice>? notice = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        (_store, _time, _limits) = (store, time, limits ?? new MemoryLimits());
        if (!owner) return;
        _signal = new ChangeSignal();
        if (_limits.CacheBytes > 0 || shared is not null) _cache = new EntryCache(Look, Revision, time, _limits.CacheBytes, shared, notice);
        _sweeper = new Sweeper(time, _limits.SweepPause, SweepAsync);
        _sweeper.Schedule(Read(NextDue, null));
    }

    /// <summary>The tables: <see cref="StoreOptions.Modules"/> of a store that is opened as its owner must have this.</summary>
    public static StoreModule Module => MemoryTables.Module;

    /// <summary>The bounds.</summary>
    public MemoryLimits Limits => _limits;

    /// <summary>The number of the last change; 0 before the first.</summary>
    public long Revision => Read(static sql => MemoryState.Load(sql).Revision, 0);

    /// <summary>Whether writes are possible.</summary>
    internal bool IsOwner => _signal is not null;

    /// <summary>The sweep under way, or the last one; for tests.</summary>
    internal Task Sweeping => _sweeper?.Running ?? Task.CompletedTask;

    /// <summary>Opens the memory of a store that this process owns.</summary>
    /// <param name="store">Opened as owner, with <see cref="Module"/>. It outlives the memory.</param>
    /// <param name="time">The clock that times-to-live refer to.</param>
    /// <param name="limits">Bounds; default: those of <see cref="MemoryLimits"/>.</param>
    /// <param name="shared">A cache that other nodes share, which then hear of every change; disposed with the memory. Null for none.</param>
    /// <param name="notice">Told when that cache goes away, and when it is back.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static MemoryStore Open(SqliteStore store, TimeProvider time, MemoryLimits? limits = null, ISharedCache? shared = null, Action<CacheNotice>? notice = null) => new(store, time, limits, owner: true, shared, notice);

    /// <summary>Opens a memory for reading, whoever writes it. Writes fail; watches look at the database now and then.</summary>
    /// <param name="store">Opened for reading.</param>
    /// <param name="time">The clock that times-to-live refer to.</param>
    public static MemoryStore OpenReader(SqliteStore store, TimeProvider time) => new(store, time, null, owner: false);

    /// <summary>Reads an entry; null when there is none.</summary>
    /// <exception cref="MemoryException">The path is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public MemoryEntry? Get(string path)
    {
        var parsed = MemoryPath.Parse(path);
        return _cache is not null ? _cache.Get(parsed.Full) : Look(parsed.Full).Value;
    }

    /// <summary>Reads an entry as <see cref="Get"/> does, and asks the shared cache, where there is one, before the database.</summary>
    /// <exception cref="MemoryException">The path is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public async ValueTask<MemoryEntry?> GetAsync(string path, CancellationToken cancel = default)
    {
        var parsed = MemoryPath.Parse(path);
        return _cache is not null ? await _cache.GetAsync(parsed.Full, cancel) : Look(parsed.Full).Value;
    }

    /// <summary>Stores a value; it is on disk when the task completes.</summary>
    /// <exception cref="MemoryException">The request is not valid, or the memory is full.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task<WriteResult> StoreAsync(StoreRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = request.Require(_limits);
        var result = await WriteAsync((transaction, now) => EntryWrites.Store(transaction, path, request, now), request.Value.Length, request.RequestId, cancel);
        _sweeper!.Schedule(result.ExpiresUnixMs);
        return result;
    }

    /// <summary>Most values of one <see cref="StoreManyAsync"/>.</summary>
    public const int MaxBatch = 10_000;

    /// <summary>Stores many values in one transaction: all, or none when one is refused. They are on disk when the task completes.</summary>
    /// <param name="requests">At most <see cref="MaxBatch"/>.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <returns>What became of each; one whose expected version was not there is not applied, and does not undo the others.</returns>
    /// <exception cref="MemoryException">A request is not valid (the message says which), or the memory is full; nothing was changed.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task<IReadOnlyList<WriteResult>> StoreManyAsync(IReadOnlyList<StoreRequest> requests, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count > MaxBatch) throw new MemoryException(MemoryFault.InvalidRequest, $"{requests.Count} values are too many for one transaction: store at most {MaxBatch} at once");
        var paths = requests.Select(r => r.Require(_limits)).ToList();
        var results = await WriteAsync(
            (transaction, now) => requests.Select((r, i) => EntryWrites.Store(transaction, paths[i], r, now)).ToList(), requests.Sum(static r => (long)r.Value.Length), null, cancel);
        foreach (var result in results) _sweeper!.Schedule(result.ExpiresUnixMs);
        return results;
    }

    /// <summary>
    /// Runs a component's work together with stores in the memory: in one transaction, and so all of it or nothing. As the work may be run again
    /// when the group that it belongs to fails, it keeps nothing outside.
    /// </summary>
    /// <param name="work">Uses its own tables, and stores through the function that it is given.</param>
    /// <param name="bytes">Roughly how much it writes.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">A request is not valid, or the memory is full; nothing was changed.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task<T> WriteTogetherAsync<T>(Func<SqlSession, Func<StoreRequest, WriteResult>, T> work, long bytes = 0, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var due = new SoonestDue();
        using var changing = new ChangingEntries(_cache);
        var result = await _store.WriteAsync(
            sql =>
            {
                var now = Now;
                var transaction = new MemoryTransaction(sql, _limits, now);
                due.Time = null;
                var outcome = work(sql, request => due.Note(EntryWrites.Store(transaction, request.Require(_limits), request, now)));
                transaction.Finish();
                changing.Hold(transaction.Changed);
                return outcome;
            },
            bytes,
            cancel);
        changing.Committed();
        _signal!.Set();
        _sweeper!.Schedule(due.Time);
        return result;
    }

    /// <summary>Deletes an entry. What is not there cannot be deleted: then the result is not applied and its version is 0.</summary>
    /// <param name="path">Which.</param>
    /// <param name="expectedVersion">The version that it must have; null for any.</param>
    /// <param name="requestId">Names the request where it may be delivered twice, see <see cref="StoreRequest.RequestId"/>.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">The path is not valid.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public Task<WriteResult> DeleteAsync(string path, long? expectedVersion = null, string? requestId = null, CancellationToken cancel = default)
    {
        var parsed = MemoryPath.Parse(path);
        if (expectedVersion < 1) throw new MemoryException(MemoryFault.InvalidRequest, $"{expectedVersion} cannot be the expected version of an entry that is to be deleted: give a version that was read");
        return WriteAsync((transaction, _) => EntryWrites.Delete(transaction, parsed, expectedVersion), 0, requestId, cancel);
    }

    /// <summary>
    /// Deletes the entries of a prefix, see <see cref="MemoryPrefix"/>, in portions that leave room for other writers. What is written meanwhile stays.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="MemoryException">The prefix is not valid.</exception>
    /// <exception cref="StorageException">The store cannot be written; some may have been deleted.</exception>
    public async Task<long> DeletePrefixAsync(string prefix, CancellationToken cancel = default)
    {
        var parsed = MemoryPrefix.Parse(prefix);
        var (upTo, deleted) = (Revision, 0L);
        foreach (var range in parsed.Ranges)
        {
            (int Seen, int Deleted) chunk;
            do
            {
                chunk = await WriteAsync((transaction, now) => DeleteChunk(transaction, range, upTo, now), 0, null, cancel);
                deleted += chunk.Deleted;
            }
            while (chunk.Seen == _limits.SweepChunk);
        }

        return deleted;
    }

    /// <summary>Lists entries in ordinal order of their paths.</summary>
    /// <param name="prefix">Which, see <see cref="MemoryPrefix"/>.</param>
    /// <param name="after">Begin after this path: what an earlier page gave as <see cref="MemoryPage.Next"/>.</param>
    /// <param name="limit">Most entries, up to <see cref="MemoryLimits.MaxPage"/>. A page may be shorter though there is more.</param>
    /// <param name="withValues">Whether to read the values too.</param>
    /// <exception cref="MemoryException">The prefix or the limit is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public MemoryPage List(string prefix = "", string? after = null, int limit = 100, bool withValues = false)
    {
        var parsed = MemoryPrefix.Parse(prefix);
        RequireLimit(limit);
        return Living(Read(sql => ListPage(sql, parsed, after, limit, withValues), EmptyPage));
    }

    /// <summary>Searches entries one after the other, without an index. A page may be short or empty though there is more.</summary>
    /// <exception cref="MemoryException">The request is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public MemoryPage Search(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireLimit(request.Limit);
        RequireQuery(request.Text, "text");
        RequireQuery(request.Glob, "glob");
        return Living(Read(new Searcher(request).Run, EmptyPage));
    }

    /// <summary>Counts what there is.</summary>
    /// <param name="top">How many of the largest namespaces to name.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public MemoryStats Stats(int top = 10)
    {
        RequireLimit(top);
        var empty = new MemoryStats { Revision = 0, Entries = 0, Bytes = 0, WithTtl = 0, ExpiredUnswept = 0, Changes = 0, Namespaces = 0, Top = [], Limits = _limits };
        return Read(sql => StatsReader.Read(sql, Now, top, _limits), empty) with { Cache = _cache?.Stats };
    }

    /// <summary>Lists the namespaces that have entries, in ordinal order.</summary>
    /// <param name="prefix">Which, see <see cref="MemoryPrefix"/>.</param>
    /// <param name="after">Begin after this name: what an earlier page gave as <see cref="NamespacePage.Next"/>.</param>
    /// <param name="limit">Most of them, up to <see cref="MemoryLimits.MaxPage"/>.</param>
    /// <exception cref="MemoryException">The prefix or the limit is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public NamespacePage Namespaces(string prefix = "", string? after = null, int limit = 100)
    {
        var parsed = MemoryPrefix.Parse(prefix);
        RequireLimit(limit);
        return Read(sql => StatsReader.Page(sql, parsed, after, limit, Now), new NamespacePage([], null));
    }

    /// <summary>Reads changes after a revision.</summary>
    /// <param name="prefix">Of which entries, see <see cref="MemoryPrefix"/>.</param>
    /// <param name="after">The revision after which to begin.</param>
    /// <param name="limit">Most changes, up to <see cref="MemoryLimits.MaxPage"/>.</param>
    /// <exception cref="MemoryException">The prefix or the limit is not valid, or the revision has not been reached.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public ChangePage Changes(string prefix, long after, int limit = 100)
    {
        var parsed = MemoryPrefix.Parse(prefix);
        RequireLimit(limit);
        return ReadChanges(parsed, after, limit);
    }

    /// <summary>
    /// Follows the changes from a revision on: each once, in order. A consumer may be as slow as it likes and never holds up a writer; when it is further
    /// behind than changes are remembered (<see cref="MemoryLimits.MaxChanges"/>) it gets a <see cref="MemoryChangeKind.Lagged"/> and goes on after that.
    /// </summary>
    /// <param name="prefix">Of which entries, see <see cref="MemoryPrefix"/>.</param>
    /// <param name="sinceRevision">The revision after which to begin; null for now, the moment of this call.</param>
    /// <param name="cancel">Ends the watch.</param>
    /// <exception cref="MemoryException">The prefix is not valid, or the revision has not been reached.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public IAsyncEnumerable<MemoryChange> WatchAsync(string prefix = "", long? sinceRevision = null, CancellationToken cancel = default)
    {
        var parsed = MemoryPrefix.Parse(prefix);
        if (sinceRevision < 0) throw new MemoryException(MemoryFault.InvalidRequest, $"{sinceRevision} cannot be a revision: give 0 for all remembered changes, or one that was read");
        return new Watcher(after => ReadChanges(parsed, after, 256), _signal, _time).Follow(sinceRevision ?? Revision, cancel);
    }

    /// <summary>Writes the entries of a prefix as JSON: the same entries give the same bytes. All are of one moment.</summary>
    /// <param name="prefix">Which, see <see cref="MemoryPrefix"/>.</param>
    /// <param name="target">Where to; a slow one keeps the database from reusing its log, so let it be a file.</param>
    /// <returns>How many.</returns>
    /// <exception cref="MemoryException">The prefix is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public long Export(string prefix, Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var parsed = MemoryPrefix.Parse(prefix);
        var count = Read(sql => new Exporter(target, () => Now).Write(sql, parsed), -1L);
        return count >= 0 ? count : Exporter.WriteEmpty(target, parsed);
    }

    /// <summary>Restores what was exported, with versions and times: all of it in one transaction, or nothing.</summary>
    /// <param name="source">The file. One that cannot be read twice is copied to a temporary file first.</param>
    /// <param name="mode">What happens to entries that are there.</param>
    /// <param name="cancel">Works until the write begins.</param>
    /// <exception cref="MemoryException">The file is not valid, there are entries that the mode does not expect, or the memory would be too full.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task<RestoreResult> RestoreAsync(Stream source, RestoreMode mode = RestoreMode.IntoEmpty, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var copy = source.CanSeek ? null : await TemporaryCopy.OfAsync(source, cancel);
        var restorer = new Restorer(copy ?? source, mode, _limits);
        await Task.Run(restorer.Check, cancel);
        using var changing = new ChangingEntries(_cache);
        var (result, due) = await _store.WriteAsync(sql => restorer.Apply(sql, Now, transaction => changing.Hold(transaction.Changed)), (copy ?? source).Length, cancel);
        changing.Committed();
        _signal!.Set();
        _sweeper!.Schedule(due);
        return result;
    }

    /// <summary>
    /// Imports entries from a file. All of it is read and checked first, so that a bad line stores nothing; then entries are stored in portions, each a whole.
    /// Entries that are there are replaced.
    /// </summary>
    /// <param name="source">The file. One that cannot be read twice is copied to a temporary file first.</param>
    /// <param name="options">What it is.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Ends it between two portions; the message then says what is stored.</param>
    /// <exception cref="MemoryException">The file is not valid (the message says where), or the memory is full (the message says what is stored).</exception>
    public async Task<ImportResult> ImportAsync(Stream source, ImportOptions options, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        await using var copy = source.CanSeek ? null : await TemporaryCopy.OfAsync(source, cancel);
        return await new Importing.EntryImport(this, copy ?? source, options).RunAsync(progress, cancel);
    }

    /// <summary>Ends the sweeper and the cache. The store stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null) await _sweeper.DisposeAsync();
        if (_cache is not null) await _cache.DisposeAsync();
    }

    /// <summary>Stores and deletes in one transaction: all of it or, when an entry is not as it was read, nothing.</summary>
    /// <param name="stores">With expected versions.</param>
    /// <param name="deletes">Entries as they were read.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">An entry is not as it was read (<see cref="MemoryFault.Conflict"/>), or the memory is full; nothing was changed.</exception>
    internal async Task ChangeTogetherAsync(IReadOnlyList<StoreRequest> stores, IReadOnlyList<MemoryEntry> deletes, CancellationToken cancel)
    {
        var (batch, bytes) = (new ChangeBatch(stores, deletes, _limits), stores.Sum(static r => (long)r.Value.Length));
        _sweeper!.Schedule(await WriteAsync(batch.Apply, bytes, null, cancel));
    }

    /// <summary>Reads the tables on one state of the database.</summary>
    internal T Query<T>(Func<SqlSession, T> read, T empty) => Read(read, empty);

    /// <summary>Changes tables that searching needs; entries stay as they are.</summary>
    internal Task<T> MaintainAsync<T>(Func<SqlSession, T> work, long bytes, CancellationToken cancel) => _store.WriteAsync(work, bytes, cancel);

    /// <summary>The clock, Unix milliseconds.</summary>
    internal long Clock => Now;

    private static MemoryPage EmptyPage { get; } = new([], null, 0);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsExpired(MemoryEntry entry) => EntryRow.IsExpired(entry.ExpiresUnixMs, Now);

    /// <summary>Without the entries whose time is up by now, the moment at which the page is handed out.</summary>
    private MemoryPage Living(MemoryPage page) =>
        page.Entries.Any(IsExpired) ? page with { Entries = [.. page.Entries.Where(e => !IsExpired(e))] } : page;

    private T Read<T>(Func<SqlSession, T> read, T empty) => _store.Read(Module, read, empty);

    /// <summary>What the database has of a path, with the revision as version; see <see cref="EntryCache"/>.</summary>
    private Versioned<MemoryEntry> Look(string path)
    {
        var (revision, entry) = _store.ReadOne(Module, path, EntryReader.Look, (0L, null));
        return entry is null || IsExpired(entry) ? new Versioned<MemoryEntry>(revision, null) : new Versioned<MemoryEntry>(entry.Revision, entry, entry.ExpiresUnixMs);
    }

    private async Task<T> WriteAsync<T>(Func<MemoryTransaction, long, T> work, long bytes, string? request, CancellationToken cancel)
    {
        using var changing = new ChangingEntries(_cache);
        var result = await _store.WriteAsync(
            sql =>
            {
                var now = Now;
                var transaction = new MemoryTransaction(sql, _limits, now, request);
                var outcome = work(transaction, now);
                transaction.Finish();
                changing.Hold(transaction.Changed);
                return outcome;
            },
            bytes,
            cancel);
        changing.Committed();
        _signal!.Set();
        return result;
    }

    private async Task<SweepResult> SweepAsync()
    {
        var swept = await WriteAsync(static (transaction, _) => transaction.Sweep(), 0, null, default);
        return new SweepResult(swept == _limits.SweepChunk, Read(NextDue, null));
    }

    private (int Seen, int Deleted) DeleteChunk(MemoryTransaction transaction, PathRange range, long upTo, long now)
    {
        var heads = transaction.InRange(range, upTo, _limits.SweepChunk);
        var deleted = 0;
        foreach (var head in heads)
        {
            var expired = EntryRow.IsExpired(head.Expires, now);
            transaction.Remove(head, expired ? MemoryChangeKind.Expired : MemoryChangeKind.Deleted);
            if (!expired) deleted++;
        }

        return (heads.Count, deleted);
    }

    private ChangePage ReadChanges(MemoryPrefix prefix, long after, int limit)
    {
        var page = Read(sql => ChangeLog.Read(sql, prefix, after, limit), new ChangePage([], after, AtEnd: true));
        if (!page.Changes.Any(c => c.Entry is { } entry && IsExpired(entry))) return page;
        return page with { Changes = [.. page.Changes.Select(c => c.Entry is { } entry && IsExpired(entry) ? c with { Entry = null } : c)] };
    }

    private static MemoryPage ListPage(SqlSession sql, MemoryPrefix prefix, string? after, int limit, bool withValues)
    {
        var entries = new List<MemoryEntry>();
        long bytes = 0;
        foreach (var entry in EntryReader.Scan(sql, prefix, after, withValues, limit + 1))
        {
            if (entries.Count == limit || bytes > MemoryLimits.MaxPageBytes) return new MemoryPage(entries, entries[^1].Path, MemoryState.Load(sql).Revision);
            entries.Add(entry);
            if (withValues) bytes += entry.Size;
        }

        return new MemoryPage(entries, null, MemoryState.Load(sql).Revision);
    }

    private static long? NextDue(SqlSession sql)
    {
        var row = sql.Sql("SELECT min(expires) FROM memory_entries WHERE expires IS NOT NULL");
        return row.Step() ? row.NumberOrNull(0) : null;
    }

    private static void RequireLimit(int limit)
    {
        if (limit is < 1 or > MemoryLimits.MaxPage) throw new MemoryException(MemoryFault.InvalidRequest, $"{limit} cannot be the most entries of a page: give 1 to {MemoryLimits.MaxPage}");
    }

    private static void RequireQuery(string? query, string what)
    {
        if (query is { Length: 0 or > MemoryLimits.MaxQuery }) throw new MemoryException(MemoryFault.InvalidRequest, $"the {what} to search for has {query.Length} characters: give 1 to {MemoryLimits.MaxQuery}");
    }

    /// <summary>The first expiry among several stores.</summary>
    private sealed class SoonestDue
    {
        public long? Time { get; set; }

        public WriteResult Note(WriteResult result)
        {
            if (result.ExpiresUnixMs is { } expires) Time = Math.Min(Time ?? long.MaxValue, expires);
            return result;
        }
    }
}
