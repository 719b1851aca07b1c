using System.Runtime.InteropServices;

namespace Skep.Storage.Unix;

/// <summary>What .NET does not do with directories: syncing them, and resolving every link on the way to them.</summary>
internal static class Directories
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    internal const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a directory that only we may enter; one that exists is narrowed to that.</summary>
    internal static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // Inherits the access list of the user's folder.
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if (File.GetUnixFileMode(path) != OwnerOnly) File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Opens or creates a file that only we may read.</summary>
    internal static FileStream OpenPrivate(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyFile;
        return new FileStream(path, options);
    }

    /// <summary>Makes names that were created, renamed or removed in a directory survive a power cut.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    internal static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals names by itself.
        var handle = Libc.Open(path, Libc.OpenReadOnly | Libc.OpenNotInherited);
        if (handle < 0) throw Failed("open", path);
        try
        {
            if (Libc.Fsync(handle) != 0) throw Failed("sync", path);
        }
        finally
        {
            _ = Libc.Close(handle);
        }
    }

    /// <summary>The path with all links resolved, so that one folder has one name.</summary>
    internal static string Resolve(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows()) return full;
        var resolved = Libc.RealPath(full, 0);
        if (resolved == 0) return full;
        try
        {
            return Marshal.PtrToStringUTF8(resolved) ?? full;
        }
        finally
        {
            unsafe
            {
                NativeMemory.Free((void*)resolved);
            }
        }
    }

    private static IOException Failed(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"cannot {what} directory '{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}
