namespace Skep.Memory.Tables;

/// <summary>The writes that callers ask for, within a transaction.</summary>
internal static class EntryWrites
{
    internal static WriteResult Store(MemoryTransaction transaction, MemoryPath path, StoreRequest request, long now)
    {
        var head = transaction.FindLive(path.Full);
        if (request.ExpectedVersion is { } expected && expected != (head?.Version ?? 0)) return transaction.Earlier(path.Full) ?? new WriteResult(false, head?.Version ?? 0, transaction.Revision);
        var expires = request.Ttl is { } ttl ? now + (long)Math.Ceiling(ttl.TotalMilliseconds) : (long?)null;
        var content = new EntryContent(request.ContentType, head?.Created ?? now, now, expires, request.Author, request.Value) { Tags = request.Tags, Vector = request.Vector };
        var version = (head?.Highest ?? transaction.Retired) + 1;
        if (head is null) transaction.Create(path.Full, version, floor: 0, content);
        else transaction.Replace(head, version, floor: 0, content);
        return new WriteResult(true, version, transaction.Revision, expires);
    }

    internal static WriteResult Delete(MemoryTransaction transaction, MemoryPath path, long? expectedVersion)
    {
        var head = transaction.FindLive(path.Full);
        if (head is null) return transaction.Earlier(path.Full) ?? new WriteResult(false, 0, transaction.Revision);
        if (expectedVersion is { } expected && expected != head.Version) return transaction.Earlier(path.Full) ?? new WriteResult(false, head.Version, transaction.Revision);
        transaction.Remove(head, MemoryChangeKind.Deleted);
        return new WriteResult(true, head.Version, transaction.Revision);
    }
}
