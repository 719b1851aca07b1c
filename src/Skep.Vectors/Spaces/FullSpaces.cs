using System.Runtime.CompilerServices;
using Skep.Numerics;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>A constant minus the inner product of rows in full precision: 1 for cosine distances of normalised rows, 0 for inner products.</summary>
/// <param name="rows">The first row.</param>
/// <param name="length">Numbers in a row: what is beyond the dimensions is zero.</param>
/// <param name="offset">The constant.</param>
internal readonly unsafe struct FullDotSpace(float* rows, int length, float offset) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row) => offset - VectorDistance.Dot((float*)query, At(row), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) => offset - VectorDistance.Dot(At(a), At(b), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(At(row), Math.Min(length * sizeof(float), FullL2Space.MostPrefetched));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(int row) => rows + ((long)row * length);
}

/// <summary>Squared Euclidean distances of rows in full precision.</summary>
/// <param name="rows">The first row.</param>
/// <param name="length">Numbers in a row: what is beyond the dimensions is zero.</param>
internal readonly unsafe struct FullL2Space(float* rows, int length) : IGraphSpace
{
    /// <summary>Bytes of a row that are asked for ahead; the processor goes on by itself.</summary>
    public const int MostPrefetched = 1024;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row) => VectorDistance.SquaredL2((float*)query, At(row), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) => VectorDistance.SquaredL2(At(a), At(b), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(At(row), Math.Min(length * sizeof(float), MostPrefetched));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(int row) => rows + ((long)row * length);
}
