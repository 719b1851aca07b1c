using Skep.Memory.Tables;

namespace Skep.Memory.Finding;

/// <summary>Full text by what there is: FTS5 in the database, or an index in memory.</summary>
internal sealed class TextEngine(MemoryStore memory)
{
    internal FindList Search(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight)
    {
        var query = new TextQuery(text, prefix, filter, most);
        return memory.Query(sql => TextState.Load(sql).IsComplete ? query.Run(sql, weight) : null, null)
            ?? new FindList("text", "nothing indexed", weight, [], []);
    }
}
