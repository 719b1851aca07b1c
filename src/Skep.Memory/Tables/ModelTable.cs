using Skep.Embeddings;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Which model makes the vectors of a namespace: that of the longest namespace around it that has one, else the default.</summary>
internal static class ModelTable
{
    /// <summary>Most namespaces with models of their own.</summary>
    internal const int Max = 1_000;

    internal static Dictionary<string, (string Spec, EmbeddingModelId Model)> Load(SqlSession sql)
    {
        var models = new Dictionary<string, (string, EmbeddingModelId)>(StringComparer.Ordinal);
        var rows = sql.Sql("SELECT namespace, spec, model FROM memory_models ORDER BY namespace");
        while (rows.Step())
        {
            if (!EmbeddingModelId.TryParse(rows.Text(2), out var id)) throw new StorageException(StorageFault.Corrupt, $"the model of namespace '{rows.Text(0)}' in the database is damaged: restore the folder from a backup");
            models[rows.Text(0)] = (rows.Text(1), id);
        }

        rows.Reset();
        return models;
    }

    /// <summary>Throws when a namespace holds vectors of another model.</summary>
    internal static void RequireFor(SqlSession sql, string path, EmbeddingModelId model)
    {
        var there = NamespaceModels.Load(sql).Of(MemoryPath.NamespaceOf(path));
        try
        {
            there.Model.RequireSame(model, MemoryPath.NamespaceOf(path));
        }
        catch (EmbeddingException e)
        {
            throw new MemoryException(MemoryFault.InvalidRequest, $"'{path}' cannot be stored with its vector: {e.Message} ('skep memory reindex NAMESPACE --model own:NAME:DIMENSIONS' prepares a namespace for vectors of your own)", e);
        }
    }

    internal static void Put(SqlSession sql, string name, string spec, EmbeddingModelId model)
    {
        if (Load(sql) is var there && !there.ContainsKey(name) && there.Count >= Max) throw new MemoryException(MemoryFault.Full, $"{Max} namespaces have models of their own, which is the most: give a namespace further up one");
        sql.Sql("INSERT OR REPLACE INTO memory_models (namespace, spec, model) VALUES (?1, ?2, ?3)").Bind(1, name).Bind(2, spec).Bind(3, model.ToString()).Run();
    }

    internal static void Remove(SqlSession sql, string name) => sql.Sql("DELETE FROM memory_models WHERE namespace = ?1").Bind(1, name).Run();
}
