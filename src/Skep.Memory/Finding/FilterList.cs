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
        var (best, looked) = (new PriorityQueue<string, (long Updated, string Path)>(), 0L);
        foreach (var batch in EntryReader.Scan(sql, prefix, after: null, withValues: true).Chunk(Batch))
        {
            looked += batch.Length;
            foreach (var row in filter.Apply(batch))
            {
                best.Enqueue(batch[row].Path, (batch[row].UpdatedUnixMs, batch[row].Path));
                if (best.Count > most) best.Dequeue();
            }
        }

        var found = new List<FindCandidate>(best.Count);
        while (best.TryDequeue(out var path, out var written)) found.Add(new FindCandidate(path, written.Updated));
        found.Reverse();
        return new FindList("filter", $"{looked} entries looked at", 1, found, []);
    }
}
