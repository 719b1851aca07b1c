using System.Runtime.CompilerServices;
using Skep.Numerics;
using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Integer products of codes, which lie in rows of so many bytes.</summary>
internal unsafe interface ICodeProducts
{
    /// <summary>Of a row with a query of signed bytes.</summary>
    static abstract int WithQuery(byte* row, sbyte* query, int stride);

    /// <summary>Of two rows.</summary>
    static abstract int OfRows(byte* a, byte* b, int stride);
}

/// <summary>One 7-bit code to a byte.</summary>
internal readonly unsafe struct SevenBits : ICodeProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WithQuery(byte* row, sbyte* query, int stride) => CodeDistance.DotU7I8(row, query, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfRows(byte* a, byte* b, int stride) => CodeDistance.DotU7(a, b, stride);
}

/// <summary>Two 4-bit codes to a byte.</summary>
internal readonly unsafe struct FourBits : ICodeProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WithQuery(byte* row, sbyte* query, int stride) => CodeDistance.DotU4I8(query, row, 2 * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfRows(byte* a, byte* b, int stride) => CodeDistance.DotU4U4(a, b, stride);
}

/// <summary>A constant minus inner products by scalar codes: rows in unsigned codes, the query in signed ones of 8 bits. See <see cref="ScalarCodec"/> for the arithmetic.</summary>
/// <typeparam name="TProducts">How the codes lie.</typeparam>
/// <param name="codes">The first row's codes.</param>
/// <param name="parts">Each row's own part of a distance between rows.</param>
/// <param name="stride">Bytes of a row, a multiple of 32.</param>
/// <param name="betweenOffset">The part of a distance between rows that all share.</param>
/// <param name="betweenScale">The factor of the integer product between rows.</param>
internal readonly unsafe struct CodeDotSpace<TProducts>(byte* codes, float* parts, int stride, float betweenOffset, float betweenScale) : IGraphSpace
    where TProducts : struct, ICodeProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var head = (CodeQuery*)query;
        return head->Offset - (head->Scale * TProducts.WithQuery(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        betweenOffset + parts[a] + parts[b] - (betweenScale * TProducts.OfRows(codes + ((long)a * stride), codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => Numerics.Prefetch.Range(codes + ((long)row * stride), stride);
}

/// <summary>Squared Euclidean distances by scalar codes.</summary>
/// <typeparam name="TProducts">How the codes lie.</typeparam>
/// <param name="codes">The first row's codes.</param>
/// <param name="parts">Each row's own part of a distance: its squared length, measured from the lowest code.</param>
/// <param name="stride">Bytes of a row, a multiple of 32.</param>
/// <param name="betweenScale">The factor of the integer product between rows.</param>
internal readonly unsafe struct CodeL2Space<TProducts>(byte* codes, float* parts, int stride, float betweenScale) : IGraphSpace
    where TProducts : struct, ICodeProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ToQuery(byte* query, int row)
    {
        var head = (CodeQuery*)query;
        return head->Offset + parts[row] - (head->Scale * TProducts.WithQuery(codes + ((long)row * stride), (sbyte*)query + CodeQuery.Bytes, stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) =>
        parts[a] + parts[b] - (betweenScale * TProducts.OfRows(codes + ((long)a * stride), codes + ((long)b * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        Numerics.Prefetch.Range(codes + ((long)row * stride), stride);
        Numerics.Prefetch.Line(parts + row);
    }
}
