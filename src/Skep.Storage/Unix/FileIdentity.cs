using System.Runtime.InteropServices;

namespace Skep.Storage.Unix;

/// <summary>Which file stands behind a path: an open file lives on after its path was removed or given to another.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="Inode">Number of the file in it.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    private const int CurrentDirectory = -100;
    private const uint InodeMask = 0x100;
    private const int StatxSize = 256;

    /// <summary>Asks the system; null where there is no such file, or where the system cannot be asked (<c>statx</c> is Linux only).</summary>
    internal static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> buffer = stackalloc byte[StatxSize];
        try
        {
            if (Libc.Statx(CurrentDirectory, path, 0, InodeMask, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library from before 2018.
        }

        return new FileIdentity(MemoryMarshal.Read<ulong>(buffer[136..]), MemoryMarshal.Read<ulong>(buffer[32..]));
    }
}
