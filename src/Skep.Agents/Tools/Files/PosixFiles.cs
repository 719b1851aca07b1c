using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>
/// Files relative to an open folder. .NET names files by paths only, and between looking at a path and using it somebody may put a link there; what is
/// relative to an open folder stays where it is. Linux (glibc, musl) and macOS.
/// </summary>
internal static unsafe partial class PosixFiles
{
    private const string Library = "libc";
    private const nint OpenAt2Number = 437;
    private const ulong ResolveNoMagicLinks = 0x02;
    private const ulong ResolveNoSymlinks = 0x04;
    private const ulong ResolveBeneath = 0x08;

    private static readonly bool Mac = OperatingSystem.IsMacOS();

    // These two kinds of processor have their own numbers for O_DIRECTORY and O_NOFOLLOW.
    private static readonly bool OwnNumbers = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;

    private static readonly int Create = Mac ? 0x200 | 0x800 : 0x40 | 0x80;
    private static readonly int Folder = Mac ? 0x100000 : OwnNumbers ? 0x4000 : 0x10000;
    private static readonly int NoFollow = Mac ? 0x100 : OwnNumbers ? 0x8000 : 0x20000;
    private static readonly int Calm = Mac ? 0x1000000 | 0x4 | 0x20000 : 0x80000 | 0x800 | 0x100; // Close on exec, do not block, no terminal.
    private static readonly int NoFollowAt = Mac ? 0x20 : 0x100;

    public const int ENOENT = 2;
    public const int EEXIST = 17;

    /// <summary>Opens a folder by its path, links followed: the root, which the plan names.</summary>
    public static SafeFileHandle OpenRoot(string path) => Owned(LibC.Open(path, Folder | Calm));

    /// <summary>Opens a folder beneath another one in a single step of the kernel: no part may be a link, and none may lead out. Null where that fails or is not known.</summary>
    public static SafeFileHandle? OpenBeneath(SafeFileHandle root, string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var how = new OpenHow { Flags = (ulong)(uint)(Folder | Calm), Resolve = ResolveBeneath | ResolveNoSymlinks | ResolveNoMagicLinks };
        fixed (byte* name = Native(path))
        {
            var fd = (int)Syscall(OpenAt2Number, Fd(root), name, &how, sizeof(OpenHow));
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    /// <summary>Opens a folder within an open one; not through a link.</summary>
    public static SafeFileHandle OpenFolder(SafeFileHandle folder, string name) => OpenAt(folder, name, Folder | NoFollow | Calm, 0);

    /// <summary>Opens a file within an open folder for reading; not through a link, and without waiting should it be a pipe.</summary>
    public static SafeFileHandle OpenToRead(SafeFileHandle folder, string name) => OpenAt(folder, name, NoFollow | Calm, 0);

    /// <summary>Makes a new file within an open folder; an error when there is anything of that name.</summary>
    public static SafeFileHandle CreateNew(SafeFileHandle folder, string name, uint mode) => OpenAt(folder, name, Create | NoFollow | Calm | 1, mode);

    /// <summary>What there is of that name, without following a link; null and an error number when that cannot be told.</summary>
    public static FileFacts? Look(SafeFileHandle folder, string name)
    {
        var buffer = stackalloc byte[FileFacts.BufferSize];
        fixed (byte* path = Native(name))
        {
            var result = !Mac ? StatX(Fd(folder), path, NoFollowAt, FileFacts.Mask, buffer)
                : RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatAtInode64(Fd(folder), path, buffer, NoFollowAt) : StatAt(Fd(folder), path, buffer, NoFollowAt);
            return result == 0 ? FileFacts.Read(buffer) : null;
        }
    }

    /// <summary>What an open file is.</summary>
    public static FileFacts? Look(SafeFileHandle file)
    {
        var buffer = stackalloc byte[FileFacts.BufferSize];
        if (Mac) return (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatInode64(Fd(file), buffer) : Stat(Fd(file), buffer)) == 0 ? FileFacts.Read(buffer) : null;
        fixed (byte* empty = "\0"u8)
            return StatX(Fd(file), empty, 0x1000, FileFacts.Mask, buffer) == 0 ? FileFacts.Read(buffer) : null;
    }

    /// <summary>Makes a folder, with what the umask leaves of all rights. Returns an error number, or 0.</summary>
    public static int MakeFolder(SafeFileHandle folder, string name)
    {
        fixed (byte* path = Native(name)) return Error(MkDirAt(Fd(folder), path, 0x1FF));
    }

    /// <summary>Gives a file another name in the same folder, in place of what has it. Returns an error number, or 0.</summary>
    public static int Rename(SafeFileHandle folder, string from, string to)
    {
        fixed (byte* old = Native(from), name = Native(to)) return Error(RenameAt(Fd(folder), old, Fd(folder), name));
    }

    /// <summary>Removes a file or link. Returns an error number, or 0.</summary>
    public static int Remove(SafeFileHandle folder, string name)
    {
        fixed (byte* path = Native(name)) return Error(UnlinkAt(Fd(folder), path, 0));
    }

    /// <summary>Gives a new file the rights and the owner of the one that it replaces; as far as this process may.</summary>
    public static void Dress(SafeFileHandle file, FileFacts like)
    {
        _ = FChOwn(Fd(file), like.User, like.Group);
        // Afterwards, for a change of owner takes rights away.
        _ = FChMod(Fd(file), like.Rights);
    }

    /// <summary>Brings a file or folder onto the disk. Returns an error number, or 0.</summary>
    public static int Flush(SafeFileHandle file) => Error(FSync(Fd(file)));

    /// <summary>The names in an open folder, in ordinal order, at most so many. Names that are no UTF-8 are left out and counted.</summary>
    public static List<string> Names(SafeFileHandle folder, int most, out bool more, out int unreadable)
    {
        (more, unreadable) = (false, 0);
        var names = new List<string>();
        using var again = OpenAt(folder, ".", Folder | Calm, 0);
        if (again.IsInvalid) return names;
        var reader = Mac && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? FdOpenDirInode64(Fd(again)) : FdOpenDir(Fd(again));
        if (reader is null) return names;
        again.SetHandleAsInvalid(); // The reader closes it.
        try
        {
            byte* entry;
            while ((entry = Mac && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ReadDirInode64(reader) : ReadDir(reader)) is not null)
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + (Mac ? 21 : 19));
                if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) continue;
                if (names.Count == most)
                {
                    more = true;
                    break;
                }

                if (System.Text.Unicode.Utf8.IsValid(name)) names.Add(Encoding.UTF8.GetString(name));
                else unreadable++;
            }
        }
        finally
        {
            _ = CloseDir(reader);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, uint mode)
    {
        fixed (byte* path = Native(name))
        {
            // On Apple's 64-bit ARM what a variadic function takes beyond its fixed arguments lies on the stack: the registers are filled up before.
            return Owned(Mac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? OpenAtOnStack(Fd(folder), path, flags, 0, 0, 0, 0, 0, (nint)mode) : OpenAtPlain(Fd(folder), path, flags, mode));
        }
    }

    private static SafeFileHandle Owned(int fd) => new(fd, ownsHandle: true);

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static int Error(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static byte[] Native(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtPlain(int folder, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtOnStack(int folder, byte* path, int flags, nint r3, nint r4, nint r5, nint r6, nint r7, nint mode);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint folder, byte* path, OpenHow* how, nint size);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int folder, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport(Library, EntryPoint = "fstatat", SetLastError = true)]
    private static partial int StatAt(int folder, byte* path, byte* buffer, int flags);

    [LibraryImport(Library, EntryPoint = "fstatat$INODE64", SetLastError = true)]
    private static partial int StatAtInode64(int folder, byte* path, byte* buffer, int flags);

    [LibraryImport(Library, EntryPoint = "fstat", SetLastError = true)]
    private static partial int Stat(int file, byte* buffer);

    [LibraryImport(Library, EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int StatInode64(int file, byte* buffer);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MkDirAt(int folder, byte* path, uint mode);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(int oldFolder, byte* old, int folder, byte* path);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(int folder, byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FChMod(int file, uint mode);

    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChOwn(int file, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int file);

    [LibraryImport(Library, EntryPoint = "fdopendir", SetLastError = true)]
    private static partial void* FdOpenDir(int folder);

    [LibraryImport(Library, EntryPoint = "fdopendir$INODE64", SetLastError = true)]
    private static partial void* FdOpenDirInode64(int folder);

    [LibraryImport(Library, EntryPoint = "readdir", SetLastError = true)]
    private static partial byte* ReadDir(void* reader);

    [LibraryImport(Library, EntryPoint = "readdir$INODE64", SetLastError = true)]
    private static partial byte* ReadDirInode64(void* reader);

    [LibraryImport(Library, EntryPoint = "closedir")]
    private static partial int CloseDir(void* reader);
}
