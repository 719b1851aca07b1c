using Skep.Embeddings;
using Skep.Memory.Finding;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Which model makes the vectors of a namespace: that of the longest namespace around it that has one, else the default.</summary>
internal static class ModelTable
{
    /// <summary>Most namespaces with models of their own.</summary>
    internal const int Max = 1_000;

    internal static NamespaceModels Load(SqlSession sql)
    {
        var models = new List<NamespaceModel>();
        var rows = sql.Sql("SELECT namespace, spec, model FROM memory_models ORDER BY namespace");
        while (rows.Step())
        {
            if (!EmbeddingModelId.TryParse(rows.Text(2), out var id)) throw new StorageException(StorageFault.Corrupt, $"the model of namespace '{rows.Text(0)}' in the database is damaged: restore the folder from a backup");
            models.Add(new NamespaceModel(rows.Text(0), rows.Text(1), id));
        }

        rows.Reset();
        return new NamespaceModels(models);
    }

    /// <summary>Throws when a namespace holds vectors of another model.</summary>
    internal static void RequireFor(SqlSession sql, string path, EmbeddingModelId model)
    {
        var there = Load(sql).Of(MemoryPath.NamespaceOf(path));
        try
        {
            there.Model.RequireSame(model, MemoryPath.NamespaceOf(path));
        }
        catch (EmbeddingException e)
        {
            throw new MemoryException(MemoryFault.InvalidRequest, $"'{path}' cannot be stored with its vector: {e.Message} ('skep memory reindex NAMESPACE --model own:NAME:DIMENSIONS' prepares a namespace for vectors of your own)", e);
        }
    }

    internal static void Put(SqlSession sql, NamespaceModel model)
    {
        if (Load(sql).Count >= Max) throw new MemoryException(MemoryFault.Full, $"{Max} namespaces have models of their own, which is the most: give a namespace further up one");
        sql.Sql("INSERT OR REPLACE INTO memory_models (namespace, spec, model) VALUES (?1, ?2, ?3)").Bind(1, model.Namespace).Bind(2, model.Spec).Bind(3, model.Model.ToString()).Run();
    }

    internal static void Remove(SqlSession sql, string name) => sql.Sql("DELETE FROM memory_models WHERE namespace = ?1").Bind(1, name).Run();
}

/// <summary>A namespace's model.</summary>
/// <param name="Namespace">The namespace; empty for all.</param>
/// <param name="Spec">As people name it.</param>
/// <param name="Model">What it is.</param>
internal sealed record NamespaceModel(string Namespace, string Spec, EmbeddingModelId Model);

/// <summary>The models of all namespaces.</summary>
internal sealed class NamespaceModels(IReadOnlyList<NamespaceModel> models)
{
    private static readonly NamespaceModel Default = new("", ModelSpec.Default, ModelSpec.DefaultModel);

    internal int Count => models.Count;

    /// <summary>All that are in use, the default last.</summary>
    internal IReadOnlyList<NamespaceModel> All => models.Any(static m => m.Namespace.Length == 0) ? models : [.. models, Default];

    /// <summary>A text that changes with any of them.</summary>
    internal string Print => string.Join('\n', models.Select(static m => $"{m.Namespace}\t{m.Model}"));

    internal NamespaceModel Of(string name)
    {
        var best = Default;
        foreach (var model in models)
        {
            if (Holds(model.Namespace, name) && (model.Namespace.Length >= best.Namespace.Length)) best = model;
        }

        return best;
    }

    /// <summary>The models that entries of a prefix may have.</summary>
    internal IReadOnlyList<NamespaceModel> Within(MemoryPrefix prefix)
    {
        var stem = prefix.Text.TrimEnd('*').TrimEnd('/');
        var around = Of(stem);
        return [around, .. models.Where(m => m != around && m.Namespace.StartsWith(stem, StringComparison.Ordinal))];
    }

    private static bool Holds(string outer, string inner) =>
        outer.Length == 0 || (inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] == '/'));
}
