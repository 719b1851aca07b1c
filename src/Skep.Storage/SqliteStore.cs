using Skep.Storage.Reading;
using Skep.Storage.Sqlite;
using Skep.Storage.Writing;

namespace Skep.Storage;

/// <summary>
/// An event log in one SQLite database. One process owns the folder and writes through one connection on one thread; any number
/// of processes read, while the owner writes and when there is none. An append is on disk when its task completes.
/// </summary>
public sealed class SqliteStore : IEventLog, IAsyncDisposable
{
    /// <summary>Events that are read in one transaction: a slow reader must not keep the write-ahead log from being reused.</summary>
    private const int PageEvents = 512;

    /// <summary>Payload bytes after which a page ends early.</summary>
    private const long PageBytes = 4 * 1024 * 1024;

    private readonly SkepFolder _folder;
    private readonly StoreOptions _options;
    private readonly ReaderPool _readers;
    private readonly OwnedDatabase? _owned;
    private int _disposed;

    private SqliteStore(SkepFolder folder, StoreOptions options, OwnedDatabase? owned)
    {
        _folder = folder;
        _options = options;
        _readers = new ReaderPool(folder.DatabasePath);
        _owned = owned;
        if (owned is not null) UnfinishedDeletes = FinishDeletesAsync(owned.UnfinishedDeletes);
    }

    /// <summary>The SQLite version in use and where it comes from, such as <c>3.40.1 (system)</c>.</summary>
    /// <exception cref="StorageException">No usable SQLite library was found.</exception>
    public static string EngineVersion => SqliteEngine.Version;

    /// <summary>What was written since opening; zeros for a reader.</summary>
    public StoreStatistics Statistics => _owned?.Committer.Statistics ?? default;

    /// <summary>Becomes the owner of a folder, making its database if there is none.</summary>
    /// <exception cref="StorageException">Another process owns it, it is damaged, was written by a newer program, or cannot be written.</exception>
    public static SqliteStore OpenOwner(SkepFolder folder, StoreOptions? options = null)
    {
        options ??= new StoreOptions();
        return new SqliteStore(folder, options, OwnedDatabase.Open(folder, options));
    }

    /// <summary>
    /// Opens a folder for reading only. A database that does not exist yet is read as empty. Nothing is opened before the first read.
    /// </summary>
    public static SqliteStore OpenReader(SkepFolder folder) => new(folder, new StoreOptions(), null);

    /// <inheritdoc/>
    /// <remarks>
    /// The payloads must not change until the task completes. Cancelling works as long as the append waits for its turn; once it
    /// is being written it is finished.
    /// </remarks>
    /// <exception cref="ArgumentException">A value makes no sense, such as an empty id.</exception>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public async Task AppendAsync(Append append, CancellationToken cancel = default) =>
        await Committer.SubmitAsync(new AppendRequest(append, AppendRules.Measure(append)), cancel);

    /// <summary>
    /// Deletes a stream with its snapshot and its references to blobs. It disappears at once and as a whole; its rows are then
    /// removed in portions that leave room for other writers. The task completes when they are gone. Deleting what is not there does nothing.
    /// </summary>
    /// <returns>Whether there was such a stream.</returns>
    /// <exception cref="StorageException">The database cannot be written.</exception>
    public async Task<bool> DeleteStreamAsync(string stream, CancellationToken cancel = default)
    {
        var delete = new DeleteRequest(stream);
        await Committer.SubmitAsync(delete, cancel);
        if (delete.DeletedId is not { } id) return false;
        await PurgeAsync(id, cancel);
        return true;
    }

    /// <summary>
    /// Runs a component's work in the transaction of the next group commit, on the thread that writes: be quick. The task completes with the
    /// work's result when that is on disk. What the work throws undoes its own changes, and reaches the caller.
    /// </summary>
    /// <param name="work">Reads and changes tables of modules that the store was opened with.</param>
    /// <param name="bytes">Roughly how much it writes, to bound the size of a group.</param>
    /// <param name="cancel">Works as long as the work waits for its turn.</param>
    /// <exception cref="StorageException">The store was opened for reading, or cannot be written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqlSession, T> work, long bytes = 0, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var request = new SqlRequest<T>(work, bytes);
        await Committer.SubmitAsync(request, cancel);
        return request.Result;
    }

    /// <summary>Runs a component's read on one state of the database: all that was committed when it began.</summary>
    /// <param name="module">The component.</param>
    /// <param name="work">Reads its tables; may run beside other reads and beside the writer.</param>
    /// <param name="empty">What to return where there are no such tables yet.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(StoreModule module, Func<SqlSession, T> work, T empty)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _readers.Read(
            reader =>
            {
                if (!reader.Has(module)) return empty;
                var result = work(reader.Session);
                reader.Session.Finish();
                return result;
            },
            empty);
    }

    /// <summary>
    /// The same for a read that is a single statement, which sees one state of the database by itself: it saves what beginning and ending a transaction takes, a fifth of a
    /// small read. More than one statement would see several states.
    /// </summary>
    /// <param name="module">The component.</param>
    /// <param name="argument">Handed to the work.</param>
    /// <param name="work">Carries out one statement.</param>
    /// <param name="empty">What to return where there are no such tables yet.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T ReadOne<TArgument, T>(StoreModule module, TArgument argument, Func<SqlSession, TArgument, T> work, T empty)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _readers.ReadOne(
            (module, argument, work, empty),
            static (reader, read) =>
            {
                if (!reader.Has(read.module)) return read.empty;
                var result = read.work(reader.Session, read.argument);
                reader.Session.Finish();
                return result;
            },
            empty);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredEvent> Read(string stream, long fromSeq = 1, int limit = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        return Pages(stream, Math.Max(1, fromSeq), limit);
    }

    /// <inheritdoc/>
    public StoredSnapshot? ReadSnapshot(string stream) => _readers.Read(reader => reader.ReadSnapshot(stream), null);

    /// <inheritdoc/>
    public StreamInfo? Find(string stream) => _readers.Read(reader => reader.Find(stream), null);

    /// <inheritdoc/>
    public IReadOnlyList<StreamInfo> List(int limit = int.MaxValue) => _readers.Read(reader => reader.List(Math.Max(0, limit)), []);

    /// <summary>The streams that refer to a blob.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    public IReadOnlyList<string> StreamsReferencing(string sha256)
    {
        Sha256Hex.Require(sha256);
        return _readers.Read(reader => reader.StreamsReferencing(sha256), []);
    }

    /// <summary>All blobs that streams refer to (SHA-256, lower-case hex): what garbage collection must keep.</summary>
    public IReadOnlySet<string> ReferencedBlobs() =>
        _readers.Read(static reader => reader.Database.QueryTexts("SELECT DISTINCT lower(hex(sha256)) FROM blob_refs").ToHashSet(), []);

    /// <summary>
    /// Examines everything: the database's structure, that each stream's log is without gaps and each row is what was written,
    /// and, when blobs are given, that those referred to exist and are unchanged. Changes nothing.
    /// </summary>
    public Task<StoreReport> CheckAsync(BlobStore? blobs = null, CancellationToken cancel = default) => Task.Run(
        async () =>
        {
            await using var fresh = OpenReader(_folder); // What connections in use have cached must not hide anything.
            return new Checking.StoreCheck(fresh, fresh._readers, blobs).Run(cancel);
        },
        cancel);

    /// <summary>Writes what waits, closes the database and gives the folder free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_owned is not null) await _owned.Committer.StopAsync();
        await UnfinishedDeletes;
        _readers.Dispose();
        _owned?.Dispose();
    }

    /// <summary>Completes when the deletions that an earlier owner has left are finished, or were given up until the next.</summary>
    internal Task UnfinishedDeletes { get; } = Task.CompletedTask;

    /// <summary>For tests: runs something on the writer's connection.</summary>
    internal Task ProbeAsync(Action<Database> action) => Committer.SubmitAsync(new ProbeRequest(action), default);

    private GroupCommitter Committer => _owned?.Committer ?? throw new StorageException(
        StorageFault.ReadOnly,
        $"the folder '{_folder.Root}' was opened for reading: hand the write to the process that owns it, or become its owner");

    private IEnumerable<StoredEvent> Pages(string stream, long next, int limit)
    {
        for (var atEnd = false; !atEnd && limit > 0;)
        {
            var (from, most) = (next, Math.Min(limit, PageEvents));
            var page = _readers.Read(reader => reader.ReadPage(stream, from, most, PageBytes), EventPage.End);
            foreach (var e in page.Events) yield return e;
            next += page.Events.Count;
            limit -= page.Events.Count;
            atEnd = page.AtEnd;
        }
    }

    private async Task PurgeAsync(long id, CancellationToken cancel)
    {
        PurgeRequest purge;
        do
        {
            purge = new PurgeRequest(id, _options.DeleteChunk);
            await Committer.SubmitAsync(purge, cancel);
        }
        while (!purge.Done);
    }

    /// <summary>Goes on where an earlier owner was interrupted. What fails now is tried again by the next owner.</summary>
    private async Task FinishDeletesAsync(IReadOnlyList<long> streams)
    {
        try
        {
            foreach (var id in streams) await PurgeAsync(id, default);
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            // The entries in deleted_streams are still there.
        }
    }
}
