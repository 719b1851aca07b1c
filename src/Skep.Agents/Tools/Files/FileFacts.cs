using System.Runtime.CompilerServices;

namespace Skep.Agents.Tools;

/// <summary>What stands in a folder under a name.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A pipe, socket or device.</summary>
    Special,
}

/// <summary>What the system knows of a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Rights">Who may do what: the nine plain bits.</param>
/// <param name="User">Owner.</param>
/// <param name="Group">Group.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Changed">Moment of the last change of content or rights, in nanoseconds.</param>
internal readonly record struct FileFacts(FileKind Kind, ulong Links, long Size, uint Rights, uint User, uint Group, ulong Inode, long Changed)
{
    /// <summary>Bytes of the system's structure: <c>struct statx</c>, which is larger than <c>struct stat</c> of macOS.</summary>
    public const int BufferSize = 256;

    /// <summary>What is asked for: STATX_BASIC_STATS.</summary>
    public const uint Mask = 0x7FF;

    /// <summary>Whether it is the same file with the same content, as far as can be told without reading it.</summary>
    public bool IsSame(FileFacts other) => (Inode, Size, Changed) == (other.Inode, other.Size, other.Changed);

    public static unsafe FileFacts Read(byte* at) => OperatingSystem.IsMacOS()
        ? Of(Value<ushort>(at, 4), Value<ushort>(at, 6), Value<long>(at, 96), Value<uint>(at, 16), Value<uint>(at, 20), Value<ulong>(at, 8), Value<long>(at, 64), Value<long>(at, 72))
        : Of(Value<ushort>(at, 28), Value<uint>(at, 16), Value<long>(at, 40), Value<uint>(at, 20), Value<uint>(at, 24), Value<ulong>(at, 32), Value<long>(at, 96), Value<uint>(at, 104));

    private static FileFacts Of(uint mode, ulong links, long size, uint user, uint group, ulong inode, long seconds, long nanoseconds) =>
        new(KindOf(mode), links, size, mode & 0x1FF, user, group, inode, unchecked((seconds * 1_000_000_000) + nanoseconds));

    private static FileKind KindOf(uint mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        _ => FileKind.Special,
    };

    private static unsafe T Value<T>(byte* at, int offset)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(at + offset);
}
