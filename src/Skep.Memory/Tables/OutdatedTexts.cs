using System.Text;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Texts that are to leave the full text. Each stands here with the number and path that it is under.</summary>
internal static class OutdatedTexts
{
    internal static void Add(SqlSession sql, long id, string path, ReadOnlySpan<byte> text) =>
        sql.Sql("INSERT INTO memory_outdated (id, path, text) VALUES (?1, ?2, ?3)").Bind(1, id).Bind(2, path).Bind(3, text).Run();

    internal static void Clear(SqlSession sql) => sql.Sql("DELETE FROM memory_outdated").Run();

    /// <summary>Takes the oldest out of the full text.</summary>
    internal static void TakeOut(SqlSession sql, int rows, long bytes)
    {
        var last = 0L;
        var row = sql.Sql("SELECT seq, id, path, text FROM memory_outdated ORDER BY seq LIMIT ?1").Bind(1, rows);
        while (bytes > 0 && row.Step())
        {
            last = row.Number(0);
            bytes -= row.Blob(3).Length;
            TextTable.Remove(sql, row.Number(1), row.Text(2), Encoding.UTF8.GetString(row.Blob(3)));
        }

        row.Reset();
        if (last > 0) sql.Sql("DELETE FROM memory_outdated WHERE seq <= ?1").Bind(1, last).Run();
    }
}
