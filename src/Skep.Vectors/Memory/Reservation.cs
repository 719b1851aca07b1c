using System.Runtime.InteropServices;

namespace Skep.Vectors.Memory;

/// <summary>
/// A range of addresses for something that grows: reserved once at its largest size, given real memory by the system page by page as it is touched, and
/// never moved. Readers can therefore hold pointers into it while a writer appends. The pages start as zero, or as those of a file (a private copy: what is
/// written never reaches the file).
/// </summary>
internal sealed unsafe partial class Reservation : SafeHandle
{
    /// <summary>Sections of files begin at multiples of this, which is a multiple of every page size in use (4, 16 and 64 KiB).</summary>
    public const int PageAlignment = 64 * 1024;

    private const int ReadWrite = 1 | 2;
    private const int Private = 2;
    private const int Fixed = 16;
    private const int AdviseHugePages = 14;
    private static readonly int Anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
    private static readonly int NoReserve = OperatingSystem.IsMacOS() ? 0x40 : 0x4000;

    private const int MayMove = 1, FixedTarget = 2;

    /// <summary>The size of the system's large pages on the processors that have some.</summary>
    private const nuint HugePage = 2 << 20;

    private readonly nuint _length;

    /// <summary>Reserves addresses. Takes no memory.</summary>
    /// <exception cref="VectorException">The system refuses so many.</exception>
    public Reservation(long bytes)
        : base(-1, ownsHandle: true)
    {
        _length = (nuint)Math.Max(PageAlignment, (bytes + PageAlignment - 1) / PageAlignment * PageAlignment);
        handle = (nint)Map(null, _length, ReadWrite, Private | Anonymous | NoReserve, -1, 0);
        if (IsInvalid) throw new VectorException(VectorFault.LimitReached, $"the system refuses {_length:N0} bytes of address space: set a smaller limit of rows for the index, or raise `ulimit -v`");
        // Random reads over hundreds of megabytes miss the address cache at nearly every step with small pages.
        if (OperatingSystem.IsLinux()) _ = Advise(Address, _length, AdviseHugePages);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>Where it begins: aligned to a page.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Its length in bytes.</summary>
    public long Length => (long)_length;

    /// <summary>Lays the pages of a file over the beginning. They are read when they are touched.</summary>
    /// <exception cref="VectorException">The system refuses.</exception>
    public void MapFile(SafeHandle file, long offset, long bytes)
    {
        if (bytes == 0) return;
        if (offset % PageAlignment != 0 || bytes > Length) throw new ArgumentOutOfRangeException(nameof(offset));
        var mapped = Map(Address, (nuint)bytes, ReadWrite, Private | Fixed, (int)file.DangerousGetHandle(), (nint)offset);
        GC.KeepAlive(file);
        if (mapped == (void*)-1) throw new VectorException(VectorFault.Disk, $"a section of {bytes:N0} bytes cannot be mapped from its file (system error {Marshal.GetLastPInvokeError()})");
    }

    /// <summary>
    /// Puts ordinary memory with the same bytes in place of pages of a file: large pages, which random reads find faster, and which the system does not take back to
    /// read them again later. Readers may go on meanwhile; nobody may write to these bytes. False where the system has no way to do it, or refuses: then all is as before.
    /// </summary>
    /// <param name="bytes">How many, from the beginning.</param>
    public bool Detach(long bytes)
    {
        // Whole large pages alone; what is left stays mapped.
        var length = (nuint)bytes / HugePage * HugePage;
        if (!OperatingSystem.IsLinux() || length == 0) return false;
        var copy = (byte*)Map(null, length + HugePage, ReadWrite, Private | Anonymous | NoReserve, -1, 0);
        if (copy == (byte*)-1) return false;
        // The target must begin at a large page for the copy to stay one; else small pages are moved, which is right too.
        var aligned = copy + ((HugePage - ((nuint)copy % HugePage) + ((nuint)Address % HugePage)) % HugePage);
        _ = Advise(aligned, length, AdviseHugePages);
        Buffer.MemoryCopy(Address, aligned, (long)length, (long)length);
        var moved = Remap(aligned, length, length, MayMove | FixedTarget, Address);
        if (moved != Address) _ = Unmap(copy, length + HugePage);
        else
        {
            if (aligned > copy) _ = Unmap(copy, (nuint)(aligned - copy));
            var rest = HugePage - (nuint)(aligned - copy);
            if (rest > 0) _ = Unmap(aligned + length, rest);
        }

        return moved == Address;
    }

    /// <summary>
    /// Tells the system that reads of a mapped file will be far apart, so that it does not read what lies around each of them, or that they may be anything. It may not listen.
    /// </summary>
    /// <param name="bytes">How many, from the beginning.</param>
    /// <param name="areApart">Whether they are.</param>
    public void ExpectReads(long bytes, bool areApart)
    {
        const int normal = 0, random = 1;
        if (!OperatingSystem.IsWindows() && bytes > 0) _ = Advise(Address, (nuint)Math.Min(bytes, Length), areApart ? random : normal);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Unmap(Address, _length) == 0;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mremap")]
    private static partial void* Remap(void* old, nuint oldLength, nuint newLength, int flags, void* target);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
