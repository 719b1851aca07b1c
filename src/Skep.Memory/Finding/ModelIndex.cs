using System.Text;
using Skep.Embeddings;
using Skep.Memory.Tables;
using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>The vectors of one model that are indexed in one way: a collection in a folder of its own, which holds nothing that could not be made again.</summary>
internal sealed class ModelIndex : IAsyncDisposable
{
    /// <summary>Bytes of log that are read and moved into the graph anew quickly enough, each time the folder is opened.</summary>
    private const long ShortLog = 8L << 20;

    /// <summary>Rows of which any number may be dead.</summary>
    private const int FewRows = 10_000;

    private readonly string? _folder;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task _compacting = Task.CompletedTask;

    private ModelIndex(IndexKey key, string? folder, TimeProvider time, VectorCollection collection) =>
        (Key, _folder, _time, Collection) = (key, folder, time, collection);

    internal IndexKey Key { get; }

    internal EmbeddingModelId Model => Key.Model;

    /// <summary>The collection. It is another one after <see cref="RequireFieldsAsync"/>.</summary>
    internal VectorCollection Collection { get; private set; }

    /// <summary>Opens the index of a model, or begins one. One that is damaged or of another version is begun anew.</summary>
    /// <returns>The index, and whether it must be filled from the entries.</returns>
    /// <exception cref="VectorException">The disk refuses, or another process has it open.</exception>
    internal static (ModelIndex Index, bool IsNew) Open(string? root, IndexKey key, EntrySchema schema, TimeProvider time)
    {
        var folder = root is null ? null : Path.Combine(root, FolderOf(key));
        var isNew = folder is null || !Directory.Exists(folder);
        try
        {
            return (new ModelIndex(key, folder, time, VectorCollection.Open(folder, Options(key, schema, folder), time)), isNew);
        }
        catch (VectorException e) when (folder is not null && e.Fault is VectorFault.Damaged or VectorFault.Incompatible or VectorFault.BadArgument)
        {
            Directory.Delete(folder!, recursive: true);
            return (new ModelIndex(key, folder, time, VectorCollection.Open(folder, Options(key, schema, folder), time)), IsNew: true);
        }
    }

    /// <summary>A folder's name that tells people the model, and no two indexes share.</summary>
    internal static string FolderOf(IndexKey key)
    {
        var (name, text) = (new StringBuilder(), key.ToString());
        foreach (var c in text) name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_');
        if (name.Length > 80) name.Length = 80;
        return $"{name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4))}";
    }

    /// <summary>Declares fields that no record of this index has brought, but entries elsewhere have.</summary>
    /// <returns>Whether the index must be filled again, as it has no files.</returns>
    internal async Task<bool> RequireFieldsAsync(EntrySchema schema)
    {
        var known = Collection.Schema;
        if (schema.Fields.Fields.All(f => known.TryFind(f.Name, out _))) return false;
        await _compacting;
        await Collection.DisposeAsync();
        Collection = VectorCollection.Open(_folder, Options(Key, schema, _folder), _time);
        return _folder is null;
    }

    internal IndexStats Stats
    {
        get
        {
            var stats = Collection.Stats;
            return new IndexStats(Key.ToString(), stats.Live, stats.RowBytes + stats.GraphBytes + stats.KeyBytes + stats.FieldBytes, stats.SegmentBytes + stats.LogBytes);
        }
    }

    /// <summary>Writes what is there as a segment, graph included, so that the next process need not make it anew.</summary>
    /// <exception cref="VectorException">The disk refuses; nothing is lost.</exception>
    internal Task CompactAsync(CancellationToken cancel) => _folder is null ? Task.CompletedTask : Collection.CompactAsync(cancel);

    /// <summary>The same in the background, once it is worth it: folders of memories are opened often, and the log is what that takes.</summary>
    internal void CompactSoon()
    {
        if (_folder is null || !_compacting.IsCompleted) return;
        var stats = Collection.Stats;
        if (stats.LogBytes > Math.Max(ShortLog, stats.SegmentBytes / 4) || stats.Rows - stats.Live > Math.Max(FewRows, stats.Live)) _compacting = CompactQuietlyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _compacting;
        _stop.Dispose();
        await Collection.DisposeAsync();
    }

    private async Task CompactQuietlyAsync()
    {
        try
        {
            await Collection.CompactAsync(_stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or VectorException)
        {
            // The next one tries again; until then opening takes longer.
        }
    }

    private static CollectionOptions Options(IndexKey key, EntrySchema schema, string? folder) => new()
    {
        Index = new IndexSettings { Codes = key.Codes, Metric = key.Metric, M = key.M }.OptionsFor(key.Model),
        Schema = new FieldSchema(schema.Fields.Fields),
        AutoCompact = folder is null,
    };
}
