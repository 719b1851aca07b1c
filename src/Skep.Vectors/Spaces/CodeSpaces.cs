using System.Runtime.CompilerServices;
using Skep.Numerics;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>A constant minus inner products by 7-bit codes: rows in unsigned codes, the query in signed ones of 8 bits. See <see cref="ScalarCodec"/> for the arithmetic.</summary>
/// <param name="codes">The first row's codes.</param>
/// <param name="parts">Each row's own part of a distance between rows.</param>
/// <param name="stride">Bytes of a row, a multiple of 64.</param>
/// <param name="betweenOffset">The part of a distance between rows that all share.</param>
/// <param name="betweenScale">The factor of the integer product between rows.</param>
internal readonly unsafe struct CodeDotSpace(byte* codes, float* parts, int stride, float betweenOffset, float betweenScale) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var head = (CodeQuery*)query;
        return head->Offset - (head->Scale * CodeDistance.DotU7I8(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        betweenOffset + parts[a] + parts[b] - (betweenScale * CodeDistance.DotU7(codes + ((long)a * stride), codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(codes + ((long)row * stride), stride);
}

/// <summary>Squared Euclidean distances by 7-bit codes.</summary>
/// <param name="codes">The first row's codes.</param>
/// <param name="parts">Each row's own part of a distance: its squared length, measured from the lowest code.</param>
/// <param name="stride">Bytes of a row, a multiple of 64.</param>
/// <param name="betweenScale">The factor of the integer product between rows.</param>
internal readonly unsafe struct CodeL2Space(byte* codes, float* parts, int stride, float betweenScale) : IGraphSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var head = (CodeQuery*)query;
        return head->Offset + parts[row] - (head->Scale * CodeDistance.DotU7I8(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        parts[a] + parts[b] - (betweenScale * CodeDistance.DotU7(codes + ((long)a * stride), codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        Numerics.Prefetch.Range(codes + ((long)row * stride), stride);
        Numerics.Prefetch.Line(parts + row);
    }
}
