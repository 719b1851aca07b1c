using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Exchange;

/// <summary>Writes a file's entries in one transaction, as they were: all of them, or none.</summary>
internal sealed class Restorer(Stream file, RestoreMode mode, MemoryLimits limits)
{
    /// <summary>Reads it to the end: throws when it is not valid.</summary>
    internal void Check()
    {
        file.Position = 0;
        foreach (var _ in ExportReader.Open(file, limits).Entries())
        {
            // Reading is the check.
        }
    }

    /// <summary>Reads and writes it. May be run again when the transaction was undone.</summary>
    /// <returns>What was done, and when the first of the restored entries expires.</returns>
    internal (RestoreResult Result, long? NextDue) Apply(SqlSession sql, long now, Action<MemoryTransaction>? finished = null)
    {
        file.Position = 0;
        var reader = ExportReader.Open(file, limits);
        if (mode == RestoreMode.IntoEmpty) RequireEmpty(sql, reader.Prefix, now);
        var transaction = new MemoryTransaction(sql, limits, now);
        var (restored, kept, expired, due) = (0L, 0L, 0L, (long?)null);
        foreach (var entry in reader.Entries())
        {
            if (EntryRow.IsExpired(entry.Content.Expires, now)) expired++;
            else if (!Write(transaction, entry)) kept++;
            else (restored, due) = (restored + 1, entry.Content.Expires < (due ?? long.MaxValue) ? entry.Content.Expires : due);
        }

        transaction.Finish();
        finished?.Invoke(transaction);
        return (new RestoreResult(restored, kept, expired, transaction.Revision), due);
    }

    private bool Write(MemoryTransaction transaction, ExportedEntry entry)
    {
        var head = transaction.FindLive(entry.Path);
        if (head is not null && mode == RestoreMode.KeepNewer && head.Updated >= entry.Content.Updated) return false;
        if (head is null) transaction.Create(entry.Path, entry.Version, transaction.Retired, entry.Content);
        else transaction.Replace(head, entry.Version, head.Highest, entry.Content);
        return true;
    }

    private static void RequireEmpty(SqlSession sql, MemoryPrefix prefix, long now)
    {
        foreach (var entry in EntryReader.Scan(sql, prefix, after: null, withValues: false))
        {
            if (EntryRow.IsExpired(entry.ExpiresUnixMs, now)) continue;
            throw new MemoryException(MemoryFault.NotEmpty, $"there are entries already, such as '{entry.Path}', and nothing was changed: delete what is under '{prefix.Text}', or merge the file with it");
        }
    }
}
