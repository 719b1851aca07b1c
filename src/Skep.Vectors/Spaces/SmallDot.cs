using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skep.Vectors.Spaces;

internal static unsafe class SmallDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(byte* x, sbyte* y, int n)
    {
        var ones = Vector512.Create((short)1);
        Vector512<int> a = default, b = default;
        var i = 0;
        for (; i + 128 <= n; i += 128)
        {
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(x + i), Vector512.Load(y + i)), ones);
            b += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(x + i + 64), Vector512.Load(y + i + 64)), ones);
        }

        for (; i < n; i += 64) a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(x + i), Vector512.Load(y + i)), ones);
        return Vector512.Sum(a + b);
    }
}
