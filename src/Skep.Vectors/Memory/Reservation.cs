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

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Unmap(Address, _length) == 0;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
