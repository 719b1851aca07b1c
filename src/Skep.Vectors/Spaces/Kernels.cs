using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skep.Vectors.Spaces;

internal static unsafe class Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* x, float* y, int n)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + 64 <= n; i += 64)
        {
            a = Avx512F.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), a);
            b = Avx512F.FusedMultiplyAdd(Vector512.Load(x + i + 16), Vector512.Load(y + i + 16), b);
            c = Avx512F.FusedMultiplyAdd(Vector512.Load(x + i + 32), Vector512.Load(y + i + 32), c);
            d = Avx512F.FusedMultiplyAdd(Vector512.Load(x + i + 48), Vector512.Load(y + i + 48), d);
        }

        for (; i < n; i += 16) a = Avx512F.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), a);
        return Vector512.Sum((a + b) + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float L2(float* x, float* y, int n)
    {
        Vector512<float> a = default, b = default;
        for (var i = 0; i < n; i += 16)
        {
            var d = Vector512.Load(x + i) - Vector512.Load(y + i);
            a = Avx512F.FusedMultiplyAdd(d, d, a);
        }

        return Vector512.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotCodes(byte* x, sbyte* y, int n)
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
