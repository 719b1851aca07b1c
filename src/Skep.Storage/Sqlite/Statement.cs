using SQLitePCL;

namespace Skep.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    internal Statement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    internal Statement Bind(int index, string value)
    {
        database.Check(raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    internal Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes no address for NULL.
        database.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    internal bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        var fault = database.Fault(code);
        Reset();
        throw fault;
    }

    /// <summary>Runs to the end and makes ready for the next use.</summary>
    internal void Run()
    {
        while (Step())
        {
            // Rows of a statement that is run for its effect are of no interest.
        }

        Reset();
    }

    /// <summary>Makes ready for the next use; without it a read keeps its transaction open.</summary>
    internal void Reset() => _ = raw.sqlite3_reset(handle);

    internal long Long(int column) => raw.sqlite3_column_int64(handle, column);

    internal string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    /// <summary>A column's bytes, valid until the next step.</summary>
    internal ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose()
    {
        _ = raw.sqlite3_finalize(handle);
        handle.Dispose();
    }
}
