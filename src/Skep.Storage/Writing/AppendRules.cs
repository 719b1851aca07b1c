namespace Skep.Storage.Writing;

/// <summary>Checks an append against <see cref="StorageLimits"/> before it is queued.</summary>
internal static class AppendRules
{
    /// <summary>Returns the append's size in bytes.</summary>
    /// <exception cref="StorageException">A bound is exceeded.</exception>
    /// <exception cref="ArgumentException">A value makes no sense.</exception>
    internal static long Measure(Append append)
    {
        CheckHead(append);
        var bytes = append.Summary?.Length ?? 0L;
        bytes += MeasureEvents(append) + MeasureSnapshot(append);
        Bound(append, "all of it", bytes, StorageLimits.MaxAppendBytes, "bytes");
        return bytes;
    }

    private static void CheckHead(Append append)
    {
        ArgumentException.ThrowIfNullOrEmpty(append.Stream, nameof(append));
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedSeq, nameof(append));
        Bound(append, "its id", append.Stream.Length, StorageLimits.MaxStreamIdLength, "characters");
        Bound(append, "the events", append.Events.Count, StorageLimits.MaxEventsPerAppend, "events");
        Bound(append, "its log", append.ExpectedSeq + append.Events.Count, StorageLimits.MaxSeq, "events");
        Bound(append, "the summary", append.Summary?.Length ?? 0, StorageLimits.MaxPayloadBytes, "bytes");
        Bound(append, "the blob references", append.BlobRefs.Count, StorageLimits.MaxBlobRefsPerAppend, "references");
        foreach (var blob in append.BlobRefs) Sha256Hex.Require(blob);
    }

    private static long MeasureEvents(Append append)
    {
        long bytes = 0;
        for (var i = 0; i < append.Events.Count; i++)
        {
            var e = append.Events[i];
            ArgumentException.ThrowIfNullOrEmpty(e.Type, nameof(append));
            ArgumentOutOfRangeException.ThrowIfLessThan(e.Version, 1, nameof(append));
            Bound(append, "an event type", e.Type.Length, StorageLimits.MaxTypeLength, "characters");
            Bound(append, "an event", e.Payload.Length, StorageLimits.MaxPayloadBytes, "bytes");
            bytes += e.Payload.Length;
        }

        return bytes;
    }

    private static long MeasureSnapshot(Append append)
    {
        if (append.Snapshot is not { } items) return 0;
        Bound(append, "the snapshot", items.Count, StorageLimits.MaxSnapshotItemsPerAppend, "changed items");
        long bytes = 0;
        foreach (var item in items)
        {
            ArgumentException.ThrowIfNullOrEmpty(item.Key, nameof(append));
            Bound(append, "a snapshot key", item.Key.Length, StorageLimits.MaxSnapshotKeyLength, "characters");
            Bound(append, "a snapshot item", item.Payload?.Length ?? 0, StorageLimits.MaxPayloadBytes, "bytes");
            bytes += item.Key.Length + (item.Payload?.Length ?? 0);
        }

        return bytes;
    }

    private static void Bound(Append append, string what, long actual, long max, string unit)
    {
        if (actual <= max) return;
        var stream = append.Stream.Length <= StorageLimits.MaxStreamIdLength ? append.Stream : append.Stream[..StorageLimits.MaxStreamIdLength] + "…";
        throw new StorageException(StorageFault.TooLarge, $"run '{stream}' cannot be appended to: {what} would have {actual} {unit}, at most {max} are allowed; put large content into a blob or write in several appends");
    }
}
