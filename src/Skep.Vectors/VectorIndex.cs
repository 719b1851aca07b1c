using Skep.Vectors.Graph;
using Skep.Vectors.Rows;

namespace Skep.Vectors;

/// <summary>
/// An index of vectors by row number: rows are appended, found by nearness, and deleted. New rows are found at once, by a scan; <see cref="Link"/> moves them
/// into the graph. Searches take no locks and may run beside everything else; one <see cref="Add"/>, one <see cref="Link"/> at a time, which is seen to here.
/// </summary>
public sealed unsafe partial class VectorIndex : IDisposable
{
    private readonly Lock _appending = new();
    private readonly Lock _linking = new();
    private readonly RowStore _rows;
    private readonly HnswLinks _links;
    private CodeStore? _codes;
    private int _linked;
    private int _users = 1;
    private bool _disposed;

    /// <summary>An empty index.</summary>
    /// <exception cref="VectorException">An option is out of its bounds, or the system refuses the addresses.</exception>
    public VectorIndex(VectorIndexOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        _rows = new RowStore(options.Metric, options.Dimension, options.MaxRows);
        _links = new HnswLinks(options.MaxRows, options.Graph.M);
    }

    /// <summary>What it was made with.</summary>
    public VectorIndexOptions Options { get; }

    /// <summary>Rows appended so far, deleted ones among them.</summary>
    public int Count => _rows.Count;

    /// <summary>Rows that are not deleted.</summary>
    public int Live => _rows.Count - _rows.Dead;

    /// <summary>Rows that are in the graph; those after them are scanned.</summary>
    public int Linked => Volatile.Read(ref _linked);

    /// <summary>Bytes that its rows take now.</summary>
    public long BytesInUse => BytesOf(_rows.Count);

    /// <summary>Bytes of codes and links: what searches walk over. The rows in full precision, of which a search reads few, are not counted if they lie apart from the codes.</summary>
    public long BytesWalked => BytesInUse - (_codes is null or { Codec: Spaces.FullCodec } ? 0 : (long)_rows.Count * _rows.Length * sizeof(float));

    /// <summary>Bytes of the links alone.</summary>
    public long LinkBytes => _links.BytesOf(_rows.Count);

    /// <summary>Appends a vector, and returns its row. Under cosine it is normalised.</summary>
    /// <exception cref="VectorException">The vector has another dimension, holds NaN or infinities, or is zero under cosine; or the index is full.</exception>
    public int Add(ReadOnlySpan<float> vector)
    {
        VectorCheck.Check(vector, Options.Dimension, Options.Metric);
        return Append(vector, isNormalised: false);
    }

    /// <summary>Deletes a row: no search that begins later finds it. Its memory is kept until <see cref="Compact"/>. False if it was deleted before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool Delete(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows.Count, nameof(row));
        using var use = Use();
        return _rows.Delete(row);
    }

    /// <summary>Whether a row is deleted.</summary>
    public bool IsDeleted(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows.Count, nameof(row));
        using var use = Use();
        return _rows.IsDeleted(row);
    }

    /// <summary>Copies a row out: as it was given, or normalised under cosine.</summary>
    public void Read(int row, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows.Count, nameof(row));
        using var use = Use();
        new ReadOnlySpan<float>(_rows.At(row), Options.Dimension).CopyTo(vector);
    }

    /// <summary>Gives its memory back, when the last search that runs has ended.</summary>
    public void Dispose()
    {
        lock (_appending)
        {
            if (_disposed) return;
            _disposed = true;
        }

        Leave();
    }

    private int Append(ReadOnlySpan<float> vector, bool isNormalised, bool isCopy = false)
    {
        lock (_appending)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!isCopy) RefuseBeyondLimit(_rows.Count + 1); // What replaces a larger index may stand beside it for a while.
            _rows.Place(vector, isNormalised);
            _codes?.Encode(_rows.Count);
            return _rows.Publish();
        }
    }

    /// <summary>Keeps the memory while it is used.</summary>
    private UseOfIndex Use()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            ObjectDisposedException.ThrowIf(users == 0, this);
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return new UseOfIndex(this);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        _rows.Dispose();
        _links.Dispose();
        _codes?.Dispose();
    }

    private long BytesOf(int rows) =>
        ((long)rows * _rows.Length * sizeof(float)) + (rows / 8) + (_codes is { } codes ? CodeStore.BytesOf(codes.Codec, rows) : 0) + _links.BytesOf(rows);

    private void RefuseBeyondLimit(int rows, long besides = 0)
    {
        if (rows > Options.MaxRows) throw new VectorException(VectorFault.LimitReached, $"the index has room for {Options.MaxRows:N0} rows and is full ({_rows.Dead:N0} of them are deleted: compaction frees those; or set MaxRows higher)");
        if (BytesOf(rows) - MappedBytes + besides > Options.MemoryLimit) throw new VectorException(VectorFault.LimitReached, $"the index would exceed its memory limit of {Options.MemoryLimit:N0} bytes with {rows:N0} rows: set MemoryLimit higher, use smaller codes, or delete and compact");
    }

    private readonly struct UseOfIndex(VectorIndex index) : IDisposable
    {
        public void Dispose() => index.Leave();
    }
}
