using System.Runtime.InteropServices;

namespace Skep.Storage.Unix;

/// <summary>The few calls of the C library that .NET has no equivalent for.</summary>
internal static partial class Libc
{
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    internal const int LockRelease = 8;

    /// <summary>Numbers of the errors that are told apart.</summary>
    internal const int NotPermitted = 1;
    internal const int AccessDenied = 13;
    internal const int NoSpace = 28;
    internal const int ReadOnlyFileSystem = 30;

    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;

    /// <summary>O_CLOEXEC: programs that we start do not inherit the file.</summary>
    internal static int OpenNotInherited => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    /// <summary>EWOULDBLOCK, which differs between Linux and the BSDs.</summary>
    internal static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>EDQUOT: the user's quota is used up.</summary>
    internal static int QuotaExceeded => OperatingSystem.IsLinux() ? 122 : 69;

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(SafeHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> buffer);
}
