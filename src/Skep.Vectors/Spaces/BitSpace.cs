using System.Runtime.CompilerServices;
using Skep.Numerics;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Distances as 1-bit codes estimate them. See <see cref="BitCodec"/> for the arithmetic.</summary>
/// <param name="rows">The first row: its bits, then a <see cref="BitRow"/>.</param>
/// <param name="words">Words of bits in a row.</param>
/// <param name="betweenOffset">The part of a distance between rows that all share.</param>
/// <param name="products">How often the inner product counts in a distance: 2 for squared distances, otherwise 1.</param>
internal readonly unsafe struct BitSpace(byte* rows, int words, float betweenOffset, float products) : IGraphSpace
{
    private int Stride => (words * sizeof(ulong)) + BitRow.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var head = (BitQuery*)query;
        var bits = rows + ((long)row * Stride);
        var own = (BitRow*)(bits + (words * sizeof(ulong)));
        var product = BitDistance.DotPlanes((ulong*)bits, (ulong*)(query + BitQuery.Bytes), words, out var ones);
        return head->Offset + own->Offset - (own->Factor * ((head->ByDot * product) + (head->ByOnes * ones) - head->Constant));
    }

    /// <summary>By the share of equal signs, which tells the angle: much coarser than from a query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b)
    {
        byte* x = rows + ((long)a * Stride), y = rows + ((long)b * Stride);
        BitRow* ownX = (BitRow*)(x + (words * sizeof(ulong))), ownY = (BitRow*)(y + (words * sizeof(ulong)));
        var length = words * 64f;
        var cosine = MathF.Sin(MathF.PI / 2 * (1 - (2 * BitDistance.Hamming((ulong*)x, (ulong*)y, words) / length)));
        // Factor is the norm over the sum of |coordinates| of a unit vector, which is near sqrt(2 length / π).
        return betweenOffset + ownX->Offset + ownY->Offset - (products * 2 / MathF.PI * length * ownX->Factor * ownY->Factor * cosine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(rows + ((long)row * Stride), Stride);
}
