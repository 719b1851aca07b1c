using SQLitePCL;

namespace Skep.Storage.Sqlite;

/// <summary>Turns SQLite's result codes into a <see cref="StorageException"/> that says what, where and how to fix it.</summary>
internal static class SqliteFaults
{
    /// <summary>Makes the exception for a result code.</summary>
    /// <param name="code">Extended result code.</param>
    /// <param name="message">SQLite's own words.</param>
    /// <param name="path">The database.</param>
    internal static StorageException Map(int code, string message, string path)
    {
        var fault = FaultOf(code);
        return new StorageException(fault, $"the database '{path}' {What(fault)} (SQLite {code}: {message}); {Fix(fault)}");
    }

    /// <summary>Makes the exception for content that is not what was written.</summary>
    internal static StorageException Damaged(string path, string what) =>
        new(StorageFault.Corrupt, $"the database '{path}' is damaged: {what}; {Fix(StorageFault.Corrupt)}");

    private static StorageFault FaultOf(int code) => (code & 0xFF) switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_FORMAT => StorageFault.Corrupt,
        // A statement that does not fit the tables: the schema is not the one that our migrations have made.
        raw.SQLITE_ERROR or raw.SQLITE_SCHEMA => StorageFault.Corrupt,
        raw.SQLITE_FULL => StorageFault.Full,
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => StorageFault.ReadOnly,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StorageFault.Locked,
        raw.SQLITE_TOOBIG => StorageFault.TooLarge,
        _ => StorageFault.Io,
    };

    private static string What(StorageFault fault) => fault switch
    {
        StorageFault.Corrupt => "is damaged or is no Skep database",
        StorageFault.Full => "cannot grow: no space is left",
        StorageFault.ReadOnly => "cannot be written",
        StorageFault.Locked => "is held by another process",
        StorageFault.TooLarge => "cannot take so much at once",
        _ => "cannot be read or written",
    };

    private static string Fix(StorageFault fault) => fault switch
    {
        StorageFault.Corrupt => "nothing was changed; copy the folder away, then restore a backup",
        StorageFault.Full => "nothing of this was written: free some space and try again",
        StorageFault.ReadOnly => "make the folder and the files in it writable for this user",
        StorageFault.Locked => "close other programs that have it open and try again",
        StorageFault.TooLarge => "put large content into a blob",
        _ => "check the disk, the folder's permissions and the limit of open files",
    };
}
