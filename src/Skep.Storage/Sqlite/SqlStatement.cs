using Skep.Storage.Sqlite;
using SQLitePCL;

namespace Skep.Storage;

/// <summary>A prepared statement. Parameters count from 1 and columns from 0, as in SQLite. It belongs to one connection, and to one thread at a time.</summary>
public sealed class SqlStatement : IDisposable
{
    private readonly Database _database;
    private readonly sqlite3_stmt _handle;

    internal SqlStatement(Database database, sqlite3_stmt handle) => (_database, _handle) = (database, handle);

    /// <summary>Gives a parameter a number.</summary>
    /// <exception cref="StorageException">There is no such parameter.</exception>
    public SqlStatement Bind(int index, long value)
    {
        _database.Check(raw.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    /// <summary>Gives a parameter a text, or NULL.</summary>
    /// <exception cref="StorageException">There is no such parameter, or the text is too long.</exception>
    public SqlStatement Bind(int index, string? value)
    {
        _database.Check(value is null ? raw.sqlite3_bind_null(_handle, index) : raw.sqlite3_bind_text(_handle, index, value));
        return this;
    }

    /// <summary>Gives a parameter a number, or NULL.</summary>
    /// <exception cref="StorageException">There is no such parameter.</exception>
    public SqlStatement Bind(int index, long? value)
    {
        _database.Check(value is { } number ? raw.sqlite3_bind_int64(_handle, index, number) : raw.sqlite3_bind_null(_handle, index));
        return this;
    }

    /// <summary>Gives a parameter bytes.</summary>
    /// <exception cref="StorageException">There is no such parameter, or there are too many bytes.</exception>
    public SqlStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes no address for NULL.
        _database.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_handle, index, 0) : raw.sqlite3_bind_blob(_handle, index, value));
        return this;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="StorageException">The statement cannot be carried out.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        var fault = _database.Fault(code);
        Reset();
        throw fault;
    }

    /// <summary>Runs to the end and makes ready for the next use.</summary>
    /// <exception cref="StorageException">The statement cannot be carried out.</exception>
    public void Run()
    {
        while (Step())
        {
            // Rows of a statement that is run for its effect are of no interest.
        }

        Reset();
    }

    /// <summary>Makes ready for the next use; without it a read keeps its transaction open.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_handle);

    /// <summary>Whether a column of the row is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    /// <summary>A column as a number; 0 for NULL.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_handle, column);

    /// <summary>A column as a number, or null.</summary>
    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    /// <summary>A column as a text; empty for NULL.</summary>
    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    /// <summary>A column as a text, or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A column's bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = raw.sqlite3_finalize(_handle);
        _handle.Dispose();
    }
}
