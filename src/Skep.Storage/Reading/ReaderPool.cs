using Skep.Storage.Migrations;
using Skep.Storage.Sqlite;

namespace Skep.Storage.Reading;

/// <summary>
/// Read-only connections, lent one at a time. Each sees what was committed when its transaction began, so readers and the
/// writer do not wait for each other.
/// </summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    /// <summary>Most connections open at once; further readers wait their turn.</summary>
    private const int MaxReaders = 8;

    /// <summary>
    /// Pages that a connection keeps, as KiB below zero. SQLite's own 2 MiB do not even hold the inner pages of a table of 100,000 small rows. It is taken as pages are read.
    /// </summary>
    private const string PageCache = "PRAGMA cache_size=-8192";

    private readonly SemaphoreSlim _turns = new(MaxReaders);
    private readonly Stack<LogReader> _idle = [];
    private bool _disposed;

    /// <summary>Runs a read in one transaction. Returns <paramref name="empty"/> when the folder has no database yet.</summary>
    internal T Read<T>(Func<LogReader, T> read, T empty) => ReadOne(read, static (reader, read) => reader.InTransaction(read), empty);

    /// <summary>Runs a read without a transaction around it.</summary>
    internal T ReadOne<TArgument, T>(TArgument argument, Func<LogReader, TArgument, T> read, T empty)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), typeof(SqliteStore));
        _turns.Wait();
        LogReader? reader = null;
        try
        {
            reader = Take() ?? OpenReader();
            if (reader is null) return empty;
            var result = read(reader, argument);
            Return(ref reader);
            return result;
        }
        finally
        {
            reader?.Dispose(); // It failed: a fresh connection is cheaper than finding out what is left of this one.
            _turns.Release();
        }
    }

    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out var reader)) reader.Dispose();
        }
    }

    private LogReader? Take()
    {
        lock (_idle)
        {
            return _idle.TryPop(out var reader) ? reader : null;
        }
    }

    private void Return(ref LogReader? reader)
    {
        lock (_idle)
        {
            if (_disposed) return;
            _idle.Push(reader!);
            reader = null;
        }
    }

    private LogReader? OpenReader()
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0) return null;
        var database = Database.Open(path, readOnly: true);
        try
        {
            var version = Migrator.Identify(database, Migrator.Newest);
            database.Execute(PageCache);
            if (version == Migrator.Newest) return new LogReader(database);
            database.Dispose();
            if (version == 0) return null;
        }
        catch
        {
            database.Dispose();
            throw;
        }

        throw new StorageException(StorageFault.Locked, $"the database '{path}' was written by an older program: run a command that writes, or restart the process that owns the folder, to bring it up to date");
    }
}
