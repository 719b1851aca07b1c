using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Skep.Storage.Unix;

/// <summary>
/// Opens and locks a file by asking the system itself. .NET would take a shared lock on every open, so that nobody could read
/// who holds the file; its locks can be switched off by an environment variable; and it ignores file systems that have none.
/// </summary>
internal static class LockFile
{
    /// <summary>Opens an existing file without locking it; on Windows, opening for writing is the lock.</summary>
    internal static FileStream Open(string path, FileAccess access)
    {
        if (OperatingSystem.IsWindows()) return new FileStream(path, FileMode.Open, access, access == FileAccess.Read ? FileShare.ReadWrite : FileShare.Read, bufferSize: 0);
        if (Directory.Exists(path)) throw new UnauthorizedAccessException($"'{path}' is a directory");
        var flags = access == FileAccess.Read ? Libc.OpenReadOnly : Libc.OpenReadWrite;
        var handle = Libc.Open(path, flags | Libc.OpenNotInherited);
        return handle >= 0 ? new FileStream(new SafeFileHandle(handle, ownsHandle: true), access, bufferSize: 0) : throw Failed();
    }

    /// <summary>Takes the exclusive lock that ends with the open file; false when another has it.</summary>
    internal static bool TryLock(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows() || Libc.Flock(file.SafeFileHandle, Libc.LockExclusive | Libc.LockNonBlocking) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == Libc.WouldBlock ? false : throw FileFaults.Map(new IOException(Marshal.GetPInvokeErrorMessage(error), error), "lock", path);
    }

    /// <summary>
    /// Gives the lock back. Closing alone would do so only once no child process holds a copy of the handle, and one that is just being
    /// started does until its program begins.
    /// </summary>
    internal static void Unlock(FileStream file)
    {
        if (!OperatingSystem.IsWindows()) _ = Libc.Flock(file.SafeFileHandle, Libc.LockRelease);
    }

    private static Exception Failed()
    {
        var error = Marshal.GetLastPInvokeError();
        var message = Marshal.GetPInvokeErrorMessage(error);
        return error is Libc.NotPermitted or Libc.AccessDenied ? new UnauthorizedAccessException(message) : new IOException(message, error);
    }
}
