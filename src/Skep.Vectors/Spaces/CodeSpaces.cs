using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Negated inner products by 7-bit codes: rows in unsigned codes, the query in signed ones of 8 bits. See <see cref="ScalarCodec"/> for the arithmetic.</summary>
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
        return head->Offset - (head->Scale * Kernels.DotCodes(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        betweenOffset + parts[a] + parts[b] - (betweenScale * Kernels.DotCodes(codes + ((long)a * stride), (sbyte*)codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        var at = codes + ((long)row * stride);
        for (var i = 0; i < stride; i += 64) Sse.Prefetch0(at + i);
    }
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
        return head->Offset + parts[row] - (head->Scale * Kernels.DotCodes(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        parts[a] + parts[b] - (betweenScale * Kernels.DotCodes(codes + ((long)a * stride), (sbyte*)codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        var at = codes + ((long)row * stride);
        for (var i = 0; i < stride; i += 64) Sse.Prefetch0(at + i);
        Sse.Prefetch0(parts + row);
    }
}
