namespace Skep.Vectors.Collections;

/// <content>Writing.</content>
public sealed partial class VectorCollection
{
    /// <summary>Stores records, in place of those with the same keys. Returns when they are on disk and found by every search that begins later.</summary>
    /// <param name="records">At most <see cref="CollectionOptions.MaxBatch"/>. All are stored or, if one is refused or the machine dies, none. Searches that run meanwhile may see some of them already.</param>
    /// <param name="cancel">Ends the waiting for room; a batch whose turn has come is stored.</param>
    /// <exception cref="VectorException">A record is refused (the message says which), a limit is reached, or the disk refuses.</exception>
    public async Task UpsertAsync(IReadOnlyList<VectorRecord> records, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        Bounded(records.Count);
        if (records.Count == 0) return;
        Check(records);
        await _linker.RoomAsync(cancel);
        await _writer.CommitAsync(new BatchCommit(LogRecordKind.Upsert, BatchContent.Upserts(records, Options.Index.Dimension), records), cancel);
    }

    /// <summary>Deletes records. Returns how many of the keys there were, when that is on disk and no search that begins later finds them.</summary>
    /// <param name="keys">At most <see cref="CollectionOptions.MaxBatch"/>.</param>
    /// <param name="cancel">Ends the waiting for a turn.</param>
    /// <exception cref="VectorException">A key is impossible, or the disk refuses.</exception>
    public async Task<int> DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Bounded(keys.Count);
        if (keys.Count == 0) return 0;
        foreach (var key in keys) KeyStore.Check(key);
        return await _writer.CommitAsync(new BatchCommit(LogRecordKind.Delete, BatchContent.Deletes(keys), []), cancel);
    }

    private static void Bounded(int count)
    {
        if (count > CollectionOptions.MaxBatch) throw new VectorException(VectorFault.BadArgument, $"the batch has {count:N0} records, and {CollectionOptions.MaxBatch:N0} are allowed: send it in smaller ones");
    }

    private void Check(IReadOnlyList<VectorRecord> records)
    {
        using var reading = Read();
        _state.RequireSound();
        for (var i = 0; i < records.Count; i++)
        {
            try
            {
                KeyStore.Check(records[i].Key);
                VectorCheck.Check(records[i].Vector.Span, Options.Index.Dimension, Options.Index.Metric);
                if (records[i].Fields is { Count: > 0 } fields) reading.Generation.Fields.Check(fields);
            }
            catch (VectorException e)
            {
                throw new VectorException(e.Fault, $"record {i} of {records.Count} (key '{Shortened(records[i].Key)}') is refused, and the batch with it: {e.Message}", e);
            }
        }
    }

    private static string Shortened(string? key)
    {
        const int most = 60;
        return key is null ? "" : key.Length <= most ? key : key[..most] + "…";
    }
}
