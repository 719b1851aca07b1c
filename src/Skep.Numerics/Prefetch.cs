using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <summary>Asks the processor to fetch memory that will be read soon. A hint: it never faults, and does nothing where .NET has no instruction for it (Arm).</summary>
public static unsafe class Prefetch
{
    /// <summary>Bytes that one hint brings.</summary>
    public const int LineBytes = 64;

    /// <summary>Fetches the line that holds an address into the nearest cache.</summary>
    /// <param name="address">Any address; it need not be valid.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>Fetches the first lines of a range.</summary>
    /// <param name="address">Where the range begins.</param>
    /// <param name="bytes">How much of it to fetch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Range(void* address, nint bytes)
    {
        if (!Sse.IsSupported) return;
        for (nint at = 0; at < bytes; at += LineBytes) Sse.Prefetch0((byte*)address + at);
    }
}
