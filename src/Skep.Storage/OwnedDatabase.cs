using Skep.Storage.Migrations;
using Skep.Storage.Sqlite;
using Skep.Storage.Unix;
using Skep.Storage.Writing;

namespace Skep.Storage;

/// <summary>What only the owner has: the lock, the connection that writes and the thread that uses it.</summary>
internal sealed class OwnedDatabase : IDisposable
{
    private readonly FolderLock _lock;
    private readonly Database _database;

    private OwnedDatabase(FolderLock held, Database database, StoreOptions options)
    {
        _lock = held;
        _database = database;
        UnfinishedDeletes = [.. database.QueryTexts("SELECT stream FROM deleted_streams").Select(static id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];
        Committer = new GroupCommitter(new LogWriter(database), options);
    }

    internal GroupCommitter Committer { get; }

    /// <summary>Streams whose deletion an earlier owner has not finished.</summary>
    internal IReadOnlyList<long> UnfinishedDeletes { get; }

    internal static OwnedDatabase Open(SkepFolder folder, StoreOptions options)
    {
        _ = SqliteEngine.Version;
        var held = FolderLock.Acquire(folder, options.Time);
        Database? database = null;
        try
        {
            var unclean = PrepareFile(folder);
            database = Database.Open(folder.DatabasePath, readOnly: false);
            Migrator.Identify(database, Migrator.Newest); // Before anything is changed: it may be somebody else's file.
            if (unclean) Examine(database, options);
            else RequireWholePages(database);
            Configure(database, options);
            Migrator.Apply(database, Migrator.Steps);
            ModuleRegistry.Apply(database, options.Modules);
            return new OwnedDatabase(held, database, options);
        }
        catch
        {
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _database.Dispose(); // As the last connection it moves the log into the database and removes it.
        _lock.Dispose();
    }

    /// <summary>
    /// Makes an empty file that only we may read when there is none; SQLite gives its log the same rights. Refuses a database
    /// that was emptied or lost while its log is still there: SQLite would take it for new and delete the log.
    /// </summary>
    /// <returns>Whether the last owner did not close the database.</returns>
    private static bool PrepareFile(SkepFolder folder)
    {
        var log = new FileInfo(folder.DatabasePath + "-wal");
        var unclean = log is { Exists: true, Length: > 0 };
        try
        {
            var file = new FileInfo(folder.DatabasePath);
            if (file is { Exists: true, Length: > 0 }) return unclean;
            if (unclean) throw SqliteFaults.Damaged(folder.DatabasePath, "it is missing or empty, but its log is there");
            Directories.OpenPrivate(folder.DatabasePath, FileMode.OpenOrCreate).Dispose();
            Directories.Sync(folder.Root);
            return false;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "create the database", folder.DatabasePath);
        }
    }

    /// <summary>
    /// A process that dies leaves a good database; a machine that dies may not, if its disk lies about syncing. So it is looked
    /// at, unless that would take long; the doctor examines any size.
    /// </summary>
    private static void Examine(Database database, StoreOptions options)
    {
        if (new FileInfo(database.Path).Length > options.MaxBytesCheckedOnOpen) return;
        // Not the quick check: it skips indexes, and with a wrong index a run is not found and would be started anew.
        if (database.QueryText("PRAGMA integrity_check(1)") is var found and not "ok") throw SqliteFaults.Damaged(database.Path, found ?? "no answer");
    }

    /// <summary>SQLite reads a page that was cut off as if zeros followed.</summary>
    private static void RequireWholePages(Database database)
    {
        var (bytes, page) = (new FileInfo(database.Path).Length, database.QueryLong("PRAGMA page_size"));
        if (bytes % page != 0) throw SqliteFaults.Damaged(database.Path, $"it has {bytes} bytes, which is no whole number of pages of {page}: its end is cut off");
    }

    private static void Configure(Database database, StoreOptions options)
    {
        database.Execute("PRAGMA page_size=4096");
        if (database.QueryText("PRAGMA journal_mode=WAL") is var mode and not "wal")
            throw new StorageException(StorageFault.Io, $"the database '{database.Path}' cannot have a write-ahead log (journal mode stays '{mode}'): its file system has no shared memory, use a local disk");
        // fullfsync matters on macOS only, where a plain sync does not reach the platter.
        database.Execute($"PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit={options.MaxLogBytes}; PRAGMA cache_size=-16384;");
        if (options.MaxPages > 0) database.Execute($"PRAGMA max_page_count={options.MaxPages}");
    }
}
