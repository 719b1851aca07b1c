using System.Runtime.InteropServices;

namespace Skep.Vectors.Memory;

/// <summary>A piece of native memory that grows and forgets what it held. Aligned to a cache line.</summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    private const int Alignment = 64;
    private int _length;

    public NativeBlock()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Room for so many bytes. What was there before is gone, and earlier pointers are void.</summary>
    public byte* Room(int bytes)
    {
        if (bytes <= _length) return (byte*)handle;
        ReleaseHandle();
        _length = bytes + (bytes >> 1);
        handle = (nint)NativeMemory.AlignedAlloc((nuint)_length, Alignment);
        return (byte*)handle;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        handle = 0;
        return true;
    }
}
