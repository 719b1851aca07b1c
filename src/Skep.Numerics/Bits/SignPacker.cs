using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Comparisons with zero, packed into bits.</summary>
internal static class SignPacker
{
    public static void Pack(ReadOnlySpan<float> values, Span<ulong> bits)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        for (var word = 0; word < bits.Length; word++)
        {
            var (from, count) = (word * 64, int.Min(64, values.Length - (word * 64)));
            ulong packed = 0;
            var i = 0;
            if (Simd.Has256)
                for (; i + 8 <= count; i += 8)
                    packed |= (ulong)Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)(from + i)), Vector256<float>.Zero).ExtractMostSignificantBits() << i;
            for (; i < count; i++)
                if (values[from + i] > 0) packed |= 1UL << i;
            bits[word] = packed;
        }
    }
}
