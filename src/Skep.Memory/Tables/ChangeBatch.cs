namespace Skep.Memory.Tables;

/// <summary>Stores and deletions that belong together. Deletions come first, so that a full memory has room for what replaces them.</summary>
internal sealed class ChangeBatch(IReadOnlyList<StoreRequest> stores, IReadOnlyList<MemoryEntry> deletes, MemoryLimits limits)
{
    private readonly MemoryPath[] _stored = [.. stores.Select(r => r.Require(limits))];
    private readonly MemoryPath[] _deleted = [.. deletes.Select(static e => MemoryPath.Parse(e.Path))];

    /// <summary>Carries them out; what was done before a conflict goes with the transaction.</summary>
    /// <returns>The first expiry among what was stored.</returns>
    /// <exception cref="MemoryException">An entry is not as it was read.</exception>
    internal long? Apply(MemoryTransaction transaction, long now)
    {
        long? due = null;
        for (var i = 0; i < _deleted.Length; i++) Require(EntryWrites.Delete(transaction, _deleted[i], deletes[i].Version), _deleted[i]);
        for (var i = 0; i < _stored.Length; i++)
        {
            if (Require(EntryWrites.Store(transaction, _stored[i], stores[i], now), _stored[i]).ExpiresUnixMs is { } expires) due = Math.Min(due ?? long.MaxValue, expires);
        }

        return due;
    }

    private static WriteResult Require(WriteResult result, MemoryPath path) =>
        result.Applied ? result : throw new MemoryException(MemoryFault.Conflict, $"'{path}' was changed meanwhile, and nothing was written: try again");
}
