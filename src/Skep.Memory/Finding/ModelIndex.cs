using System.Text;
using Skep.Embeddings;
using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>The vectors of one model: a collection in a folder of its own, which holds nothing that could not be made again.</summary>
internal sealed class ModelIndex : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly TimeProvider _time;

    private ModelIndex(EmbeddingModelId model, string? folder, TimeProvider time, VectorCollection collection) =>
        (Model, _folder, _time, Collection) = (model, folder, time, collection);

    internal EmbeddingModelId Model { get; }

    /// <summary>The collection. It is another one after <see cref="RequireFieldsAsync"/>.</summary>
    internal VectorCollection Collection { get; private set; }

    /// <summary>Opens the index of a model, or begins one. One that is damaged or of another version is begun anew.</summary>
    /// <returns>The index, and whether it must be filled from the entries.</returns>
    /// <exception cref="VectorException">The disk refuses, or another process has it open.</exception>
    internal static (ModelIndex Index, bool IsNew) Open(string? root, EmbeddingModelId model, EntrySchema schema, TimeProvider time)
    {
        var folder = root is null ? null : Path.Combine(root, FolderOf(model));
        var isNew = folder is null || !Directory.Exists(folder);
        try
        {
            return (new ModelIndex(model, folder, time, VectorCollection.Open(folder, Options(model, schema), time)), isNew);
        }
        catch (VectorException e) when (folder is not null && e.Fault is VectorFault.Damaged or VectorFault.Incompatible or VectorFault.BadArgument)
        {
            Directory.Delete(folder!, recursive: true);
            return (new ModelIndex(model, folder, time, VectorCollection.Open(folder, Options(model, schema), time)), IsNew: true);
        }
    }

    /// <summary>A folder's name that tells people the model, and no two models share.</summary>
    internal static string FolderOf(EmbeddingModelId model)
    {
        var name = new StringBuilder();
        foreach (var c in model.ToString()) name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_');
        if (name.Length > 80) name.Length = 80;
        return $"{name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(model.ToString())).AsSpan(0, 4))}";
    }

    /// <summary>Declares fields that no record of this index has brought, but entries elsewhere have.</summary>
    /// <returns>Whether the index must be filled again, as it has no files.</returns>
    internal async Task<bool> RequireFieldsAsync(EntrySchema schema)
    {
        var known = Collection.Schema;
        if (schema.Fields.Fields.All(f => known.TryFind(f.Name, out _))) return false;
        await Collection.DisposeAsync();
        Collection = VectorCollection.Open(_folder, Options(Model, schema), _time);
        return _folder is null;
    }

    internal IndexStats Stats
    {
        get
        {
            var stats = Collection.Stats;
            return new IndexStats(Model.ToString(), stats.Live, stats.RowBytes + stats.GraphBytes + stats.KeyBytes + stats.FieldBytes, stats.SegmentBytes + stats.LogBytes);
        }
    }

    public ValueTask DisposeAsync() => Collection.DisposeAsync();

    private static CollectionOptions Options(EmbeddingModelId model, EntrySchema schema) => new()
    {
        Index = new VectorIndexOptions { Dimension = model.Dimension, Metric = VectorMetric.Cosine },
        Schema = new FieldSchema(schema.Fields.Fields),
    };
}
