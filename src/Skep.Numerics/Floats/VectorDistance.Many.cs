using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <content>One query against many rows.</content>
public static unsafe partial class VectorDistance
{
    /// <summary>Inner products of a query with chosen rows of a matrix.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly. The rows of those that follow are fetched while one is computed.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room. The results are those of <see cref="Dot(ReadOnlySpan{float}, ReadOnlySpan{float})"/> bit for bit.</exception>
    public static void DotMany(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> ids, Span<float> results) =>
        Checked<Product>(query, rows, stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ elements: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="dimensions">How many elements it and every row have.</param>
    /// <param name="rows">The matrix.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void DotMany(float* query, int dimensions, float* rows, nint stride, ReadOnlySpan<int> ids, Span<float> results)
    {
        Guard.Room(results.Length, ids.Length, nameof(results));
        ManyRows.Chosen<Product>(query, (nuint)dimensions, rows, stride, ids, results);
    }

    /// <summary>Squared Euclidean distances of a query to chosen rows of a matrix.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void SquaredL2Many(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> ids, Span<float> results) =>
        Checked<SquaredDifference>(query, rows, stride, ids, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ elements: nothing but the room for results is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="dimensions">How many elements it and every row have.</param>
    /// <param name="rows">The matrix.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="results">Room for one result per id.</param>
    public static void SquaredL2Many(float* query, int dimensions, float* rows, nint stride, ReadOnlySpan<int> ids, Span<float> results)
    {
        Guard.Room(results.Length, ids.Length, nameof(results));
        ManyRows.Chosen<SquaredDifference>(query, (nuint)dimensions, rows, stride, ids, results);
    }

    /// <summary>L1 distances of a query to chosen rows of a matrix.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="ids">Which rows, in any order, also repeatedly.</param>
    /// <param name="results">Room for one result per id.</param>
    /// <exception cref="ArgumentException">A row lies outside, the stride is too small, or there is no room.</exception>
    public static void L1Many(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> ids, Span<float> results) =>
        Checked<AbsoluteDifference>(query, rows, stride, ids, results);

    /// <summary>Inner products of a query with consecutive rows: as many as there are results.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="results">One result per row.</param>
    /// <exception cref="ArgumentException">There are not as many rows, or the stride is too small.</exception>
    public static void DotRows(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, Span<float> results) =>
        Checked<Product>(query, rows, stride, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ elements: nothing is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="dimensions">How many elements it and every row have.</param>
    /// <param name="rows">The matrix.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="results">One result per row.</param>
    public static void DotRows(float* query, int dimensions, float* rows, nint stride, Span<float> results) =>
        ManyRows.Consecutive<Product>(query, (nuint)dimensions, rows, stride, results);

    /// <summary>Squared Euclidean distances of a query to consecutive rows: as many as there are results.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="results">One result per row.</param>
    /// <exception cref="ArgumentException">There are not as many rows, or the stride is too small.</exception>
    public static void SquaredL2Rows(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, Span<float> results) =>
        Checked<SquaredDifference>(query, rows, stride, results);

    /// <summary>The same for memory that is not managed, or that the caller has pinned, and may exceed 2³¹ elements: nothing is checked.</summary>
    /// <param name="query">The query.</param>
    /// <param name="dimensions">How many elements it and every row have.</param>
    /// <param name="rows">The matrix.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="results">One result per row.</param>
    public static void SquaredL2Rows(float* query, int dimensions, float* rows, nint stride, Span<float> results) =>
        ManyRows.Consecutive<SquaredDifference>(query, (nuint)dimensions, rows, stride, results);

    /// <summary>L1 distances of a query to consecutive rows: as many as there are results.</summary>
    /// <param name="query">The query; its length is the number of dimensions.</param>
    /// <param name="rows">The matrix, row by row.</param>
    /// <param name="stride">Elements from the beginning of a row to the next; at least the dimensions.</param>
    /// <param name="results">One result per row.</param>
    /// <exception cref="ArgumentException">There are not as many rows, or the stride is too small.</exception>
    public static void L1Rows(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, Span<float> results) =>
        Checked<AbsoluteDifference>(query, rows, stride, results);

    private static void Checked<T>(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> ids, Span<float> results)
        where T : struct, IPairTerm
    {
        Guard.Stride(stride, query.Length);
        Guard.Room(results.Length, ids.Length, nameof(results));
        Guard.Ids(ids, rows.Length, stride, query.Length);
        fixed (float* q = &MemoryMarshal.GetReference(query), r = &MemoryMarshal.GetReference(rows))
            ManyRows.Chosen<T>(q, (uint)query.Length, r, stride, ids, results);
    }

    private static void Checked<T>(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, Span<float> results)
        where T : struct, IPairTerm
    {
        Guard.Stride(stride, query.Length);
        if (results.IsEmpty) return;
        Guard.Room(rows.Length, ((long)(results.Length - 1) * stride) + query.Length, nameof(rows));
        fixed (float* q = &MemoryMarshal.GetReference(query), r = &MemoryMarshal.GetReference(rows))
            ManyRows.Consecutive<T>(q, (uint)query.Length, r, stride, results);
    }
}
