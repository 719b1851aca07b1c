using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>The numbers of entries, which full text is kept under, and their tags.</summary>
internal static class DocTable
{
    /// <summary>An entry's number; 0 when it has none.</summary>
    internal static long Find(SqlSession sql, string path)
    {
        var row = sql.Sql("SELECT id FROM memory_docs WHERE path = ?1").Bind(1, path);
        var id = row.Step() ? row.Number(0) : 0;
        row.Reset();
        return id;
    }

    internal static void Put(SqlSession sql, string path, long id, string? tags) =>
        sql.Sql("INSERT INTO memory_docs (path, id, tags) VALUES (?1, ?2, ?3) ON CONFLICT (path) DO UPDATE SET id = excluded.id, tags = excluded.tags WHERE id <> excluded.id OR tags IS NOT excluded.tags")
            .Bind(1, path).Bind(2, id).Bind(3, tags).Run();

    internal static void Remove(SqlSession sql, string path) => sql.Sql("DELETE FROM memory_docs WHERE path = ?1").Bind(1, path).Run();
}
