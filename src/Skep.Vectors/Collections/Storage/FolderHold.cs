using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Skep.Vectors.Collections;

/// <summary>
/// The exclusive right to a collection's folder. The system ends it with the process; the file's text is for messages only, and the file is never deleted
/// (else two processes could hold locks on two files of one name).
/// </summary>
internal sealed partial class FolderHold : IDisposable
{
    private const int Exclusive = 2, NonBlocking = 4, Release = 8;
    private const int MaxText = 256;
    private const int OwnerOnly = 0x180; // rw-------
    private static readonly int ReadWriteCreate = OperatingSystem.IsMacOS() ? 0x1000202 : 0x80042; // with O_CLOEXEC: programs that we start do not inherit it
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly SafeFileHandle _file;

    private FolderHold(SafeFileHandle file) => _file = file;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="VectorException"><see cref="VectorFault.InUse"/>: another one has it; the message names it.</exception>
    public static FolderHold Take(CollectionPaths paths, TimeProvider time)
    {
        // Opened by the system itself: .NET takes a shared lock on every open, so that nobody could read who holds the file.
        var handle = Open(paths.Lock, ReadWriteCreate, OwnerOnly);
        if (handle < 0) throw Failed("open the lock file", paths.Lock, Marshal.GetLastPInvokeError());
        var file = new SafeFileHandle(handle, ownsHandle: true);
        if (Flock(file, Exclusive | NonBlocking) == 0) return new FolderHold(Described(file, time));
        var error = Marshal.GetLastPInvokeError();
        using (file)
        {
            throw error == WouldBlock
                ? new VectorException(VectorFault.InUse, $"the collection in '{paths.Folder}' is in use by {Owner(file)}: let that one do the work, or stop it and try again")
                : Failed("lock", paths.Lock, error);
        }
    }

    /// <summary>Gives the folder back: at once, though a child process that is just being started may still hold a copy of the handle.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed) _ = Flock(_file, Release);
        _file.Dispose();
    }

    private static SafeFileHandle Described(SafeFileHandle file, TimeProvider time)
    {
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName} (since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ})"), 0);
        }
        catch (IOException)
        {
            // A full disk must not keep anybody from opening what is there.
        }

        return file;
    }

    private static VectorException Failed(string action, string path, int error) => DiskFaults.Map(new IOException(Marshal.GetPInvokeErrorMessage(error), error), action, path);

    private static string Owner(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[MaxText];
        var length = RandomAccess.Read(file, text, 0);
        return length == 0 ? "another process" : Encoding.UTF8.GetString(text[..length]);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeHandle file, int operation);
}
