using Skep.Storage.Unix;

namespace Skep.Storage;

/// <summary>Turns what the file system reports into a <see cref="StorageException"/> that says how to fix it.</summary>
internal static class FileFaults
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception is one that <see cref="Map"/> knows how to tell.</summary>
    internal static bool IsFileFault(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Makes the exception for a failed action on a path.</summary>
    internal static StorageException Map(Exception e, string action, string path)
    {
        var fault = FaultOf(e);
        var fix = fault switch
        {
            StorageFault.Full => "free some space (or raise the quota) and try again",
            StorageFault.ReadOnly => "make it writable for this user, or run as its owner",
            _ => "check the disk and the path",
        };
        return new StorageException(fault, $"cannot {action} '{path}': {e.Message.TrimEnd('.')}; {fix}", e);
    }

    private static StorageFault FaultOf(Exception e)
    {
        if (e is UnauthorizedAccessException) return StorageFault.ReadOnly;
        if (e.HResult == WindowsDiskFull || e.HResult == Libc.NoSpace || e.HResult == Libc.QuotaExceeded) return StorageFault.Full;
        return e.HResult == Libc.ReadOnlyFileSystem ? StorageFault.ReadOnly : StorageFault.Io;
    }
}
