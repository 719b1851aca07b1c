using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Skep.Numerics;

/// <summary>Argument checks, once per call; the throwing parts are kept out of the kernels so that these stay small.</summary>
internal static class Guard
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SameLength(int x, int y)
    {
        if (x != y) ThrowDifferent(x, y, nameof(y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int actual, long needed, string argument)
    {
        if (actual != needed) ThrowLength(actual, needed, argument);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Room(int actual, long needed, string argument)
    {
        if (actual < needed) ThrowRoom(actual, needed, argument);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AtMost(int actual, int most, string argument)
    {
        if (actual > most) ThrowTooLong(actual, most, argument);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stride(int stride, int dimensions)
    {
        if (stride < dimensions) ThrowStride(stride, dimensions);
    }

    /// <summary>Every id is a row that lies wholly inside.</summary>
    public static void Ids(ReadOnlySpan<int> ids, int length, int stride, int dimensions)
    {
        var rows = length < dimensions ? 0 : stride == 0 ? int.MaxValue : ((length - dimensions) / stride) + 1;
        foreach (var id in ids)
            if ((uint)id >= (uint)rows) ThrowId(id, rows, nameof(ids));
    }

    [DoesNotReturn]
    private static void ThrowDifferent(int x, int y, string argument) =>
        throw new ArgumentException($"The two vectors have {x} and {y} elements; a distance needs the same number in both.", argument);

    [DoesNotReturn]
    private static void ThrowLength(int actual, long needed, string argument) =>
        throw new ArgumentException($"'{argument}' has {actual} elements where exactly {needed} are needed.", argument);

    [DoesNotReturn]
    private static void ThrowRoom(int actual, long needed, string argument) =>
        throw new ArgumentException($"'{argument}' has room for {actual} elements and needs at least {needed}.", argument);

    [DoesNotReturn]
    private static void ThrowTooLong(int actual, int most, string argument) =>
        throw new ArgumentException($"'{argument}' has {actual} elements; this takes at most {most}, so that its sum cannot overflow. Sum longer vectors in parts.", argument);

    [DoesNotReturn]
    private static void ThrowStride(int stride, int dimensions) =>
        throw new ArgumentOutOfRangeException(nameof(stride), stride, $"Rows that begin every {stride} elements cannot hold {dimensions} dimensions; give a stride of at least {dimensions}.");

    [DoesNotReturn]
    private static void ThrowId(int id, int rows, string argument) =>
        throw new ArgumentOutOfRangeException(argument, id, $"There is no row {id}: the rows given are numbered from 0 to {rows - 1}.");
}
