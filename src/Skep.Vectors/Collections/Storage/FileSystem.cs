using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Skep.Vectors.Collections;

/// <summary>The few things that collections ask of a file system, so that tests can let each of them fail. Failures are those of the system, as it throws them.</summary>
internal partial class FileSystem
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The machine's own.</summary>
    public static FileSystem Real { get; } = new();

    /// <summary>Makes a folder that only we may enter, if there is none.</summary>
    public virtual void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Makes an empty file that only we may read, in place of one that may be there.</summary>
    public virtual SafeFileHandle Create(string path)
    {
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, OwnerOnly);
        return file;
    }

    public virtual SafeFileHandle OpenRead(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public virtual SafeFileHandle OpenWrite(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads what is there, up to the buffer's length; 0 behind the end.</summary>
    public virtual int Read(SafeFileHandle file, Span<byte> buffer, long offset) => RandomAccess.Read(file, buffer, offset);

    /// <summary>Tells the system that bytes will be read soon, so that it begins to. It may not listen.</summary>
    public static void WillNeed(SafeFileHandle file, long offset, long length)
    {
        // Of one call the system does no more than what it would read ahead, which is 128 KiB unless somebody set it.
        const int piece = 128 << 10, willNeed = 3;
        if (!OperatingSystem.IsLinux()) return;
        for (var at = offset; at < offset + length; at += piece) _ = Advise(file, at, Math.Min(piece, offset + length - at), willNeed);
    }

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    /// <summary>What was written survives a power cut when this returns.</summary>
    public virtual void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public virtual void Cut(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Copies the beginning of a file into a new one that survives a power cut.</summary>
    public virtual void Copy(string from, string to, long bytes)
    {
        using var source = OpenRead(from);
        using var target = Create(to);
        var buffer = new byte[1 << 20];
        for (long at = 0; at < bytes;)
        {
            var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - at)), at);
            if (read == 0) throw new EndOfStreamException($"'{from}' ends at byte {at:N0} of {bytes:N0}");
            Write(target, buffer.AsSpan(0, read), at);
            at += read;
        }

        Sync(target);
    }

    /// <summary>Names that were made, changed or removed in a folder survive a power cut when this returns.</summary>
    public virtual void SyncFolder(string path)
    {
        var folder = Open(path, OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000);
        if (folder < 0) throw Failed("open", path);
        var result = Fsync(folder);
        var failure = result == 0 ? null : Failed("sync", path);
        _ = Close(folder);
        if (failure is not null) throw failure;
    }

    /// <summary>Puts a small file in place of another: afterwards there is the old one or the new one, whole.</summary>
    public void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + CollectionPaths.Temporary;
        using (var file = Create(temporary))
        {
            Write(file, bytes, 0);
            Sync(file);
        }

        Move(temporary, path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    private static IOException Failed(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"cannot {what} folder '{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
