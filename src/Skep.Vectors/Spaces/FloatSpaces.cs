using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Negated inner products of rows in full precision, as they stand.</summary>
/// <param name="rows">The first row.</param>
/// <param name="length">Numbers in a row, a multiple of 16: what is beyond the dimensions is zero.</param>
internal readonly unsafe struct FloatDotSpace(float* rows, int length) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row) => -Kernels.Dot((float*)query, At(row), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) => -Kernels.Dot(At(a), At(b), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        var at = (byte*)At(row);
        for (var i = 0; i < length * sizeof(float) && i < 1024; i += 64) Sse.Prefetch0(at + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(int row) => rows + ((long)row * length);
}

/// <summary>Squared Euclidean distances of rows in full precision.</summary>
/// <param name="rows">The first row.</param>
/// <param name="length">Numbers in a row, a multiple of 16: what is beyond the dimensions is zero.</param>
internal readonly unsafe struct FloatL2Space(float* rows, int length) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row) => Kernels.L2((float*)query, At(row), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) => Kernels.L2(At(a), At(b), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        var at = (byte*)At(row);
        for (var i = 0; i < length * sizeof(float) && i < 1024; i += 64) Sse.Prefetch0(at + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(int row) => rows + ((long)row * length);
}
