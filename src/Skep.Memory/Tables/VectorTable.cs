using System.Runtime.InteropServices;
using Skep.Embeddings;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Vectors that callers brought with their entries: little-endian floats beside the name of what made them.</summary>
internal static class VectorTable
{
    internal static EntryVector? Find(SqlSession sql, string path)
    {
        var row = sql.Sql("SELECT model, vector FROM memory_vectors WHERE path = ?1").Bind(1, path);
        EntryVector? vector = null;
        if (row.Step())
        {
            if (!EmbeddingModelId.TryParse(row.Text(0), out var model) || row.Blob(1).Length != model.Dimension * sizeof(float))
                throw new StorageException(StorageFault.Corrupt, $"the vector of '{path}' in the database is damaged: store the entry anew, or restore the folder from a backup");
            vector = new EntryVector(model, MemoryMarshal.Cast<byte, float>(row.Blob(1)).ToArray());
        }

        row.Reset();
        return vector;
    }

    internal static void Put(SqlSession sql, string path, EntryVector vector) =>
        sql.Sql("INSERT OR REPLACE INTO memory_vectors (path, model, vector) VALUES (?1, ?2, ?3)")
            .Bind(1, path).Bind(2, vector.Model.ToString()).Bind(3, MemoryMarshal.AsBytes(vector.Numbers.Span)).Run();

    internal static void Remove(SqlSession sql, string path) => sql.Sql("DELETE FROM memory_vectors WHERE path = ?1").Bind(1, path).Run();

    internal static long Count(SqlSession sql)
    {
        var row = sql.Sql("SELECT count(*) FROM memory_vectors");
        var count = row.Step() ? row.Number(0) : 0;
        row.Reset();
        return count;
    }
}
