using System.Globalization;
using System.Text;
using Skep.Storage.Unix;

namespace Skep.Storage;

/// <summary>Who holds a folder's lock, as it wrote itself down.</summary>
/// <param name="ProcessId">Process id on its machine.</param>
/// <param name="Machine">Name of the machine.</param>
/// <param name="Since">When it took the lock, ISO 8601.</param>
public sealed record FolderOwner(int ProcessId, string Machine, string Since);

/// <summary>
/// The exclusive right to write in a <see cref="SkepFolder"/>. The operating system ends it with the process, so what the file
/// says is only for messages: a stale text does no harm, and the file is never deleted (deleting would let two processes
/// hold locks on two files of one name).
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const int MaxTextBytes = 512;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null when another holds it, in this process or another.</summary>
    /// <exception cref="StorageException">The lock file cannot be opened, or the file system has no locks.</exception>
    public static FolderLock? TryAcquire(SkepFolder folder, TimeProvider? time = null)
    {
        var file = Open(folder.LockPath);
        if (file is null) return null;
        try
        {
            if (!LockFile.TryLock(file, folder.LockPath))
            {
                file.Dispose();
                return null;
            }

            Describe(file, time ?? TimeProvider.System);
            return new FolderLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="StorageException">With <see cref="StorageFault.Locked"/>: another process owns the folder; the message names it.</exception>
    public static FolderLock Acquire(SkepFolder folder, TimeProvider? time = null) =>
        TryAcquire(folder, time) ?? throw InUse(folder);

    /// <summary>Reads who took the lock last, or null when that is not written. It may be gone since.</summary>
    public static FolderOwner? ReadOwner(SkepFolder folder)
    {
        try
        {
            using var file = LockFile.Open(folder.LockPath, FileAccess.Read);
            Span<byte> buffer = stackalloc byte[MaxTextBytes];
            var parts = Encoding.UTF8.GetString(buffer[..file.ReadAtLeast(buffer, MaxTextBytes, throwOnEndOfStream: false)]).Split('\n');
            return parts.Length >= 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? new FolderOwner(pid, parts[1], parts[2])
                : null;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            return null;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (!_file.SafeFileHandle.IsClosed) LockFile.Unlock(_file);
        _file.Dispose();
    }

    private static StorageException InUse(SkepFolder folder)
    {
        var who = ReadOwner(folder) is { } owner ? $"process {owner.ProcessId} on {owner.Machine} (since {owner.Since})" : "another process";
        return new StorageException(StorageFault.Locked, $"the folder '{folder.Root}' is in use by {who}; let it do the work, or stop it and try again");
    }

    /// <summary>Opens the file, and locks it where opening is locking. Null: another has it.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            EnsureExists(path);
            return LockFile.Open(path, FileAccess.ReadWrite);
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            return null;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "open the lock file", path);
        }
    }

    private static void EnsureExists(string path)
    {
        if (Path.Exists(path)) return;
        try
        {
            Directories.OpenPrivate(path, FileMode.CreateNew).Dispose();
        }
        catch (IOException) when (Path.Exists(path))
        {
            // Another process was faster.
        }
    }

    private static void Describe(FileStream file, TimeProvider time)
    {
        var text = $"{Environment.ProcessId}\n{Environment.MachineName}\n{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}\n";
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // A full disk must not keep anybody from owning the folder: deleting old runs is what frees it.
        }
    }
}
