using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Finding;

/// <summary>Entries that pass a filter, last written first. Looks at all entries of the prefix.</summary>
internal static class FilterList
{
    private const int Batch = 1_000;

    internal static FindList Empty { get; } = new("filter", "", 1, [], []);

    internal static FindList Of(SqlSession sql, MemoryPrefix prefix, EntryFilter filter, int most)
    {
        var (best, looked) = (new LastWritten(most), 0L);
        foreach (var batch in EntryReader.Scan(sql, prefix, after: null, withValues: true).Chunk(Batch))
        {
            looked += batch.Length;
            foreach (var row in filter.Apply(batch)) best.Add(batch[row].Path, batch[row].UpdatedUnixMs);
        }

        return new FindList("filter", $"{looked} entries looked at", 1, best.Take(), []);
    }
}
