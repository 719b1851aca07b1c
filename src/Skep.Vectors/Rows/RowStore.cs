using System.Numerics;
using Skep.Numerics;
using Skep.Vectors.Memory;
using Skep.Vectors.Spaces;

namespace Skep.Vectors.Rows;

/// <summary>Rows in full precision, and which of them are deleted. One writer appends; readers see the rows below <see cref="Count"/>.</summary>
internal sealed unsafe class RowStore : IDisposable
{
    private readonly Reservation _rows, _deleted;
    private int _count, _dead;

    public RowStore(VectorMetric metric, int dimension, int most)
    {
        (Metric, Dimension, Most) = (metric, dimension, most);
        Length = (dimension + FullCodec.Unit - 1) / FullCodec.Unit * FullCodec.Unit;
        _rows = new Reservation((long)most * Length * sizeof(float));
        _deleted = new Reservation(((long)most + 63) / 64 * sizeof(ulong));
    }

    public VectorMetric Metric { get; }

    public int Dimension { get; }

    /// <summary>Rows that there is room for.</summary>
    public int Most { get; }

    /// <summary>Numbers from row to row.</summary>
    public int Length { get; }

    /// <summary>Rows appended so far, deleted ones among them.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Deleted rows.</summary>
    public int Dead => Volatile.Read(ref _dead);

    public Reservation RowMemory => _rows;

    public Reservation DeletedMemory => _deleted;

    public float* First => (float*)_rows.Address;

    public ulong* Deleted => (ulong*)_deleted.Address;

    public float* At(int row) => First + ((long)row * Length);

    public bool IsDeleted(int row) => (Volatile.Read(ref Deleted[row >> 6]) & (1UL << row)) != 0;

    /// <summary>Copies a vector behind the last row, where it is not yet seen; under cosine it is normalised, unless it is known to be. See <see cref="Publish"/>.</summary>
    public float* Place(ReadOnlySpan<float> vector, bool isNormalised = false)
    {
        var row = new Span<float>(At(_count), Dimension);
        vector.CopyTo(row);
        if (Metric == VectorMetric.Cosine && !isNormalised) VectorMath.Normalize(row);
        return At(_count);
    }

    /// <summary>Lets readers see the row that was placed last, and returns its number.</summary>
    public int Publish()
    {
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    /// <summary>Marks a row. False if it was marked before.</summary>
    public bool Delete(int row)
    {
        var bit = 1UL << row;
        if ((Interlocked.Or(ref Deleted[row >> 6], bit) & bit) != 0) return false;
        Interlocked.Increment(ref _dead);
        return true;
    }

    /// <summary>Takes over rows whose memory was filled from a file.</summary>
    public void Adopt(int count)
    {
        _count = count;
        _dead = 0;
        for (var i = 0; i < (count + 63) / 64; i++) _dead += BitOperations.PopCount(Deleted[i]);
    }

    /// <summary>The distance to a query that is padded like a row.</summary>
    public float Distance(float* query, int row) => Metric switch
    {
        VectorMetric.L2 => VectorDistance.SquaredL2(query, At(row), Length),
        VectorMetric.InnerProduct => -VectorDistance.Dot(query, At(row), Length),
        _ => 1 - VectorDistance.Dot(query, At(row), Length),
    };

    public void Dispose()
    {
        _rows.Dispose();
        _deleted.Dispose();
    }
}
