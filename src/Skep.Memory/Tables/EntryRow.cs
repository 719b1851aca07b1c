using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>An entry in its table.</summary>
internal static class EntryRow
{
    /// <summary>Columns of <see cref="Read"/>, without the value.</summary>
    internal const string Columns =
        "e.path, version, e.rev, type, created, updated, expires, agent, task, run, size, CASE WHEN type >= 256 THEN (SELECT tags FROM memory_docs WHERE path = e.path) END";

    /// <summary>The value's column, where it was asked for after <see cref="Columns"/>.</summary>
    internal const int ValueColumn = 12;

    /// <summary>Added to the type of an entry that has tags: they lie in another table, where most reads then need not look.</summary>
    private const long Tagged = 256;

    /// <summary>What stands in the column of the type.</summary>
    internal static long TypeOf(in EntryContent content) => (long)content.Type + (content.Tags is { Count: > 0 } ? Tagged : 0);

    /// <summary>Reads what <see cref="TypeOf"/> wrote.</summary>
    internal static MemoryContentType TypeIn(long column) => (MemoryContentType)(column % Tagged);

    /// <summary>Makes an entry of a row.</summary>
    internal static MemoryEntry Read(SqlStatement row, bool withValue) => new()
    {
        Path = row.Text(0),
        Version = row.Number(1),
        Revision = row.Number(2),
        ContentType = TypeIn(row.Number(3)),
        CreatedUnixMs = row.Number(4),
        UpdatedUnixMs = row.Number(5),
        ExpiresUnixMs = row.NumberOrNull(6),
        Author = AuthorOf(row),
        Size = row.Number(10),
        Tags = MemoryTags.Split(row.TextOrNull(11)),
        Value = withValue ? row.Blob(ValueColumn).ToArray() : (ReadOnlyMemory<byte>?)null, // Without the cast it would be empty, not absent.
    };

    /// <summary>Whether an entry has ceased to exist at a time.</summary>
    internal static bool IsExpired(long? expires, long now) => expires <= now;

    /// <summary>Bytes that an entry counts for.</summary>
    internal static long BytesOf(string path, long size) => path.Length + size;

    private static MemoryAuthor AuthorOf(SqlStatement row)
    {
        var (agent, task, run) = (row.TextOrNull(7), row.TextOrNull(8), row.TextOrNull(9));
        return agent is null && task is null && run is null ? MemoryAuthor.Unknown : new MemoryAuthor(agent, task, run);
    }
}
