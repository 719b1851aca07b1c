using Skep.Storage.Unix;
using SQLitePCL;

namespace Skep.Storage.Sqlite;

/// <summary>
/// One connection. It belongs to one thread at a time. A thin layer directly over SQLite's C interface: an append of thousands
/// of events is then bound by SQLite, not by parameter objects.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int BusyTimeoutMs = 5_000;
    private const int DbConfigNoCheckpointOnClose = 1006;
    private const int DbConfigDefensive = 1010;
    private const int DbStatusCacheWrite = 9;

    private readonly sqlite3 _handle;
    private readonly List<SqlStatement> _statements = [];
    private readonly FileIdentity? _file;

    private Database(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
        _file = FileIdentity.Of(path);
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>Whether a transaction is open.</summary>
    internal bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens an existing file. A reader never checkpoints, not even as the last to close.</summary>
    internal static Database Open(string path, bool readOnly)
    {
        _ = SqliteEngine.Version;
        var access = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE;
        var result = raw.sqlite3_open_v2(path, out var handle, access | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(handle, path);
        try
        {
            database.Check(result);
            database.Harden();
            if (readOnly) database.Check(raw.sqlite3_db_config(handle, DbConfigNoCheckpointOnClose, 1, out _));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    internal void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    internal SqlStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        var statement = new SqlStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>The first column of the first row, or null when there is no row.</summary>
    internal string? QueryText(string sql)
    {
        using var statement = Temporary(sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>The first column of the first row, or 0 when there is no row.</summary>
    internal long QueryLong(string sql)
    {
        using var statement = Temporary(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>The first column of all rows.</summary>
    internal List<string> QueryTexts(string sql)
    {
        using var statement = Temporary(sql);
        var rows = new List<string>();
        while (statement.Step()) rows.Add(statement.Text(0));
        return rows;
    }

    /// <summary>Prepares a statement that the caller disposes of.</summary>
    internal SqlStatement PrepareOnce(string sql) => Temporary(sql);

    /// <summary>Rows that the last statement has changed.</summary>
    internal long Changes => raw.sqlite3_changes(_handle);

    /// <summary>The row id of the last insertion.</summary>
    internal long LastRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Ends a failed transaction; SQLite may already have done so.</summary>
    internal void Rollback()
    {
        foreach (var statement in _statements) statement.Reset();
        if (InTransaction) _ = raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <summary>Pages that this connection has written since the last call.</summary>
    internal long TakePagesWritten() =>
        raw.sqlite3_db_status(_handle, DbStatusCacheWrite, out var pages, out _, 1) == raw.SQLITE_OK ? pages : 0;

    /// <summary>Moves pages from the log to the database file, without waiting for readers.</summary>
    /// <returns>Whether all were moved, so that the next write starts the log anew.</returns>
    internal bool TryCheckpoint() =>
        raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var moved) == raw.SQLITE_OK && inLog == moved;

    /// <summary>
    /// Throws when the file was deleted or replaced since it was opened: SQLite goes on writing into the file without a name, and all of it
    /// would be gone with the process.
    /// </summary>
    internal void RequireSameFile()
    {
        if (_file is not { } opened || FileIdentity.Of(Path) == opened) return;
        throw new StorageException(StorageFault.Io, $"the database '{Path}' was deleted or replaced while in use, and what was recorded in it is lost; restore the folder from a backup, or start anew");
    }

    /// <summary>Throws when a result code is an error.</summary>
    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Fault(code);
    }

    /// <summary>Makes the exception for a result code of this connection.</summary>
    internal StorageException Fault(int code)
    {
        var extended = raw.sqlite3_extended_errcode(_handle);
        return SqliteFaults.Map((extended & 0xFF) == (code & 0xFF) ? extended : code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _statements.Clear();
        _ = raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    private SqlStatement Temporary(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        return new SqlStatement(this, handle);
    }

    /// <summary>The file may have been damaged or doctored: let SQLite look twice and trust nothing in the schema.</summary>
    private void Harden()
    {
        _ = raw.sqlite3_extended_result_codes(_handle, 1);
        Check(raw.sqlite3_busy_timeout(_handle, BusyTimeoutMs));
        _ = raw.sqlite3_db_config(_handle, DbConfigDefensive, 1, out _);
        Execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;");
    }
}
