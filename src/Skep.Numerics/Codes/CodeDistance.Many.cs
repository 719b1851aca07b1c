using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <content>One query against chosen rows.</content>
public static unsafe partial class CodeDistance
{
    /// <summary><see cref="DotU7(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> of a query with chosen rows; rows that follow are fetched while one is computed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rows">The codes, row by row.</param>
    /// <param name="stride">Bytes from the beginning of a row to the next; at least the bytes of a row.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void DotU7Many(ReadOnlySpan<byte> query, ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Checked<Pair<U7Product>>(query, query.Length, rows, stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ bytes: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="length">How many elements it and every row have.</param>
    /// <param name="rows">The codes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void DotU7Many(byte* query, int length, byte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Chosen<Pair<U7Product>>(query, length, length, rows, stride, ids, results);

    /// <summary><see cref="SquaredL2U7(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> of a query with chosen rows; rows that follow are fetched while one is computed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rows">The codes, row by row.</param>
    /// <param name="stride">Bytes from the beginning of a row to the next; at least the bytes of a row.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void SquaredL2U7Many(ReadOnlySpan<byte> query, ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Checked<Pair<U7SquaredDifference>>(query, query.Length, rows, stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ bytes: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="length">How many elements it and every row have.</param>
    /// <param name="rows">The codes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void SquaredL2U7Many(byte* query, int length, byte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Chosen<Pair<U7SquaredDifference>>(query, length, length, rows, stride, ids, results);

    /// <summary><see cref="DotI8(ReadOnlySpan{sbyte}, ReadOnlySpan{sbyte})"/> of a query with chosen rows; rows that follow are fetched while one is computed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rows">The codes, row by row.</param>
    /// <param name="stride">Bytes from the beginning of a row to the next; at least the bytes of a row.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void DotI8Many(ReadOnlySpan<sbyte> query, ReadOnlySpan<sbyte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Checked<Pair<I8Product>>(MemoryMarshal.AsBytes(query), query.Length, MemoryMarshal.AsBytes(rows), stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ bytes: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="length">How many elements it and every row have.</param>
    /// <param name="rows">The codes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void DotI8Many(sbyte* query, int length, sbyte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Chosen<Pair<I8Product>>((byte*)query, length, length, (byte*)rows, stride, ids, results);

    /// <summary><see cref="SquaredL2I8(ReadOnlySpan{sbyte}, ReadOnlySpan{sbyte})"/> of a query with chosen rows; rows that follow are fetched while one is computed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rows">The codes, row by row.</param>
    /// <param name="stride">Bytes from the beginning of a row to the next; at least the bytes of a row.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void SquaredL2I8Many(ReadOnlySpan<sbyte> query, ReadOnlySpan<sbyte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Checked<Pair<I8SquaredDifference>>(MemoryMarshal.AsBytes(query), query.Length, MemoryMarshal.AsBytes(rows), stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ bytes: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="length">How many elements it and every row have.</param>
    /// <param name="rows">The codes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void SquaredL2I8Many(sbyte* query, int length, sbyte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Chosen<Pair<I8SquaredDifference>>((byte*)query, length, length, (byte*)rows, stride, ids, results);

    /// <summary><see cref="DotU4(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> of a query with chosen rows; rows that follow are fetched while one is computed.</summary>
    /// <param name="query">The query, a byte per element.</param>
    /// <param name="rows">The codes, row by row.</param>
    /// <param name="stride">Bytes from the beginning of a row to the next; at least the bytes of a row.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void DotU4Many(ReadOnlySpan<byte> query, ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Checked<Nibbles>(query, PackedLength(query.Length), rows, stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ bytes: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="length">How many elements it and every row have.</param>
    /// <param name="rows">The codes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void DotU4Many(byte* query, int length, byte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results) =>
        Chosen<Nibbles>(query, length, PackedLength(length), rows, stride, ids, results);

    private static void Checked<T>(ReadOnlySpan<byte> query, int rowBytes, ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> ids, Span<int> results)
        where T : struct, IRowDistance
    {
        Guard.AtMost(query.Length, MaxLength, nameof(query));
        Guard.Stride(stride, rowBytes);
        Guard.Ids(ids, rows.Length, stride, rowBytes);
        fixed (byte* q = &MemoryMarshal.GetReference(query), r = &MemoryMarshal.GetReference(rows))
            Chosen<T>(q, query.Length, rowBytes, r, stride, ids, results);
    }

    /// <summary>Rows of codes are a few lines long: each is asked for as a whole, some rows before its turn.</summary>
    private static void Chosen<T>(byte* query, int length, int rowBytes, byte* rows, nint stride, ReadOnlySpan<int> ids, Span<int> results)
        where T : struct, IRowDistance
    {
        const int Ahead = 4;
        Guard.Room(results.Length, ids.Length, nameof(results));
        for (var i = 0; i < int.Min(Ahead, ids.Length); i++) Prefetch.Range(rows + (ids[i] * stride), rowBytes);
        for (var i = 0; i < ids.Length; i++)
        {
            if (i + Ahead < ids.Length) Prefetch.Range(rows + (ids[i + Ahead] * stride), rowBytes);
            results[i] = T.Of(query, rows + (ids[i] * stride), length);
        }
    }

    private interface IRowDistance
    {
        static abstract int Of(byte* query, byte* row, int length);
    }

    private readonly struct Pair<T> : IRowDistance
        where T : struct, ICodeTerm
    {
        public static int Of(byte* query, byte* row, int length) => CodeSum.Of<T>(ref *query, ref *row, (uint)length);
    }

    private readonly struct Nibbles : IRowDistance
    {
        public static int Of(byte* query, byte* row, int length) => DotU4(ref *query, ref *row, length);
    }
}
