using System.Runtime.InteropServices;

namespace Skep.Storage.Unix;

/// <summary>Who owns a file and what kind of file it is.</summary>
/// <param name="UserId">The owner's user id.</param>
/// <param name="Mode">File type and permission bits.</param>
internal readonly record struct FileOwner(uint UserId, ushort Mode)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8;
    private const int StatxSize = 256;
    private const int TypeMask = 0xF000;

    internal bool IsDirectory => (Mode & TypeMask) == 0x4000;

    internal bool IsRegularFile => (Mode & TypeMask) == 0x8000;

    internal bool IsOpenToOthers => (Mode & 0x3F) != 0;

    internal bool IsWritableByOthers => (Mode & 0x12) != 0;

    internal bool IsOurs => UserId == Libc.EffectiveUserId();

    /// <summary>
    /// Asks the system; null where it cannot be asked (only Linux has <c>statx</c>, whose layout is the same on all processors)
    /// or where there is no such file.
    /// </summary>
    internal static FileOwner? Of(string path, bool followLinks)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> buffer = stackalloc byte[StatxSize];
        try
        {
            if (Libc.Statx(CurrentDirectory, path, followLinks ? 0 : NoFollow, TypeModeOwner, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library from before 2018.
        }

        return new FileOwner(MemoryMarshal.Read<uint>(buffer[20..]), MemoryMarshal.Read<ushort>(buffer[28..]));
    }
}
