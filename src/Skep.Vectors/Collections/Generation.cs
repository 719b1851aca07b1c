using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>
/// What readers read: an index with the keys and fields of its rows. It grows while it is read; a compaction makes another one, which takes its place by one
/// write. One thread writes to it.
/// </summary>
internal sealed class Generation : IDisposable
{
    public Generation(VectorIndex index, KeyStore keys, FieldColumns fields, SegmentFile? segment) => (Index, Keys, Fields, Segment) = (index, keys, fields, segment);

    public VectorIndex Index { get; }

    public KeyStore Keys { get; }

    public FieldColumns Fields { get; }

    /// <summary>Row sets of filters that were asked for.</summary>
    public FilterCache Filters { get; } = new();

    /// <summary>The file under it; null while there is none.</summary>
    public SegmentFile? Segment { get; }

    /// <summary>Rows of the segment whose vector or fields are damaged. Unless a later record takes their place, they are lost.</summary>
    public List<int> Damaged { get; } = [];

    /// <summary>What nothing can take the place of: rows whose keys are damaged.</summary>
    public List<string> Lost { get; } = [];

    public static Generation Empty(CollectionOptions options) =>
        new(new VectorIndex(options.Index), new KeyStore(options.Index.MaxRows, NewSeed()), new FieldColumns(options.Schema), segment: null);

    /// <summary>A seed that nobody can guess.</summary>
    public static ulong NewSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The row that a key leads to; -1 if there is none.</summary>
    public int Find(string key)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(KeyStore.MaxKeyBytes);
        try
        {
            return Encoding.UTF8.TryGetBytes(key, bytes, out var length) ? Find(bytes.AsSpan(0, length)) : -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public int Find(ReadOnlySpan<byte> key)
    {
        // A row that was replaced while it was looked up is deleted by now, and the key leads to another one.
        for (var row = Keys.Find(key); row >= 0; row = Keys.Find(key))
        {
            if (!Index.IsDeleted(row)) return row;
            if (Keys.Find(key) == row) return -1;
        }

        return -1;
    }

    /// <summary>Appends the records of a batch. Rows whose place they take are added to a list, for the caller to delete once no reader needs them.</summary>
    public int Upsert(ReadOnlySpan<byte> batch, List<int> replaced)
    {
        var reader = new BatchContent.UpsertReader(batch);
        var count = 0;
        for (; reader.Next(); count++)
        {
            // In this order: what readers find has a key and fields, and a key that was there always leads somewhere.
            Keys.Place(Index.Count, reader.Key);
            Fields.Append(reader.Fields);
            var row = Index.AddChecked(reader.Vector);
            Replace(row, replaced);
        }

        return count;
    }

    /// <summary>Appends a row of another generation.</summary>
    public void AddFrom(Generation other, int row, List<int> replaced)
    {
        Keys.Place(Index.Count, other.Keys[row]);
        Fields.Append(other.Fields.View.Get(row));
        Replace(Index.AddFrom(other.Index, row), replaced);
    }

    /// <summary>Deletes the keys of a batch. Returns how many there were.</summary>
    public int Delete(ReadOnlySpan<byte> batch)
    {
        var reader = new BatchContent.DeleteReader(batch);
        var count = 0;
        while (reader.Next())
        {
            if (Find(reader.Key) is var row and >= 0 && Index.Delete(row)) count++;
        }

        return count;
    }

    public void Dispose()
    {
        Index.Dispose();
        Keys.Dispose();
        Segment?.Dispose();
    }

    private void Replace(int row, List<int> replaced)
    {
        if (Keys.Point(row) is var old and >= 0 && !Index.IsDeleted(old)) replaced.Add(old);
    }
}
