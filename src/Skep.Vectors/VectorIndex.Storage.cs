using Skep.Vectors.Filtering;
using Skep.Vectors.Graph;
using Skep.Vectors.Rows;
using Skep.Vectors.Spaces;

namespace Skep.Vectors;

/// <content>What files need: the parts that they are written from and mapped into.</content>
public sealed unsafe partial class VectorIndex
{
    private int _mappedRows;

    internal RowStore Rows => _rows;

    internal HnswLinks Links => _links;

    internal CodeStore? Codes => Volatile.Read(ref _codes);

    /// <summary>Bytes of full-precision rows that lie in a mapped file: the system gives them memory while it has some to spare.</summary>
    public long MappedBytes => (long)_mappedRows * _rows.Length * sizeof(float);

    /// <summary>Takes over rows that were mapped from a file. Nobody uses the index yet.</summary>
    internal void AdoptRows(int count)
    {
        _rows.Adopt(count);
        _mappedRows = count;
    }

    /// <summary>Takes over codes and links that were mapped from a file, behind <see cref="AdoptRows"/>.</summary>
    internal void AdoptGraph(CodeStore codes, int linked, int entry, int level, int upperUsed)
    {
        _codes = codes;
        _links.SetEntry(entry, level, upperUsed);
        Volatile.Write(ref _linked, linked);
    }

    /// <summary>
    /// Tells the system how mapped rows are read: of rows whose codes are walked, a search reads a few that lie far apart, and what the system would read around each
    /// of them keeps it from what is needed.
    /// </summary>
    internal void ExpectRowReads(bool areApart)
    {
        using var use = Use();
        if (Codes?.CodeMemory is not null) _rows.RowMemory.ExpectReads(MappedBytes, areApart);
    }

    /// <summary>
    /// Takes codes and links that were mapped from a file into memory of large pages, while searches and inserts go on. Nobody links, repairs or compacts meanwhile.
    /// </summary>
    internal void DetachGraph()
    {
        using var use = Use();
        if (_mappedRows == 0 || Codes is not { } codes) return;
        codes.CodeMemory?.Detach((long)_mappedRows * codes.Codec.Stride);
        _links.Level0Memory.Detach((long)_mappedRows * _links.M0 * sizeof(int));
    }

    /// <summary>Room for the codes of this index, as a codec that was written down makes them.</summary>
    internal CodeStore NewCodes(ReadOnlySpan<byte> codec) => new(RowCodecs.Read(Options.Codes, Options.Metric, Options.Dimension, codec), _rows);

    /// <summary>Appends a row of another index, which is normalised if the metric wants that.</summary>
    internal int AddFrom(VectorIndex other, int row) => Append(new ReadOnlySpan<float>(other._rows.At(row), Options.Dimension), isNormalised: true, isCopy: true);

    /// <summary>Appends a vector that was checked.</summary>
    internal int AddChecked(ReadOnlySpan<float> vector) => Append(vector, isNormalised: false);

    /// <summary>The rows of a set that are not deleted.</summary>
    internal RowSet LiveOf(RowSet set) => _rows.Dead == 0 ? set : set.AndNot(new ReadOnlySpan<ulong>(_rows.Deleted, set.Words.Length));

    /// <summary>Says whether there is room, without taking it: for a log that is written first.</summary>
    /// <param name="more">Rows that are to come.</param>
    /// <param name="besides">Bytes that keys and fields take.</param>
    internal void RequireRoom(int more, long besides) => RefuseBeyondLimit((int)Math.Min(int.MaxValue, (long)_rows.Count + more), besides);
}
