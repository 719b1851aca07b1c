using Skep.Memory.Finding;
using Skep.Memory.Tables;

namespace Skep.Memory;

/// <summary>
/// Finds entries of a memory by words, by nearness of vectors and by metadata. Full text lies in the memory's database, and vectors in a
/// folder beside it, are brought up to date before each search, and can be made again from the entries at any time. Safe to use from many threads at once.
/// </summary>
/// <example><code>
/// await using var search = MemorySearch.Open(memory, folder: Path.Combine(skep, "memory-index"), TimeProvider.System);
/// var found = await search.FindAsync(new FindRequest { Text = "failed upload", Prefix = "notes", Filter = "tags has \"urgent\"" });
/// foreach (var (entry, score, _, _, _) in found.Entries) Console.WriteLine($"{score:0.000} {entry.Path}");
/// </code></example>
public sealed class MemorySearch : IAsyncDisposable
{
    /// <summary>Most points of a map.</summary>
    public const int MaxMapPoints = 10_000;

    private readonly MemoryStore _memory;
    private readonly VectorIndexes? _vectors;
    private readonly TextEngine _texts;
    private readonly string _without;
    private readonly SemaphoreSlim _filling = new(1);
    private bool _filled;
    private bool _isClosed;

    private MemorySearch(MemoryStore memory, VectorIndexes? vectors, KeptTexts? kept, string? folder, string without)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _without = without;
        (_memory, _vectors, _texts) = (memory, vectors, new TextEngine(memory, isLasting: vectors is not null, kept, folder));
    }

    /// <summary>Completes when the index in memory that the searches so far have begun is filled; for tests and measurements.</summary>
    internal Task Warming => _texts.Warm.Warming;

    /// <summary>Rows of the index in memory, dead ones among them; -1 while there is none. For tests.</summary>
    internal int WarmRows => _texts.Warm.Rows;

    /// <summary>Opens the search of a memory that this process owns. Nothing is read or made before the first search.</summary>
    /// <param name="memory">It outlives the search.</param>
    /// <param name="folder">Where the vectors are kept; null to keep them in memory alone.</param>
    /// <param name="time">The clock, for the note of who holds the folder.</param>
    /// <param name="embedders">Makes embedders of models beyond hash embeddings; null for none.</param>
    /// <param name="kept">Where the index of words is kept for the next search of this process; null to begin anew each time.</param>
    public static MemorySearch Open(MemoryStore memory, string? folder, TimeProvider time, EmbedderFactory? embedders = null, KeptTexts? kept = null) =>
        new(memory, new VectorIndexes(memory, folder, embedders, time), kept, folder, "");

    /// <summary>Opens the search of a memory without its vectors: by words and by metadata only. Answers say so.</summary>
    /// <param name="memory">It outlives the search.</param>
    /// <param name="why">Why there are no vectors, for notes and errors; null: another process may own the folder.</param>
    public static MemorySearch OpenReader(MemoryStore memory, string? why = null) =>
        new(memory, null, null, null, why ?? "vectors are searched by the full program 'skep' as the owner of the folder");

    /// <summary>Finds entries, best first.</summary>
    /// <param name="request">What to find.</param>
    /// <param name="progress">Hears how far an index is that has to be built first.</param>
    /// <param name="cancel">Gives up; what was indexed by then stays.</param>
    /// <exception cref="MemoryException">The request makes no sense, or a model cannot be used; the message says why.</exception>
    /// <exception cref="Storage.StorageException">The database cannot be read.</exception>
    public async Task<FindResult> FindAsync(FindRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default) =>
        (await RunAsync(request, explain: false, progress, cancel)).Result;

    /// <summary>Finds entries, and tells how.</summary>
    /// <inheritdoc cref="FindAsync" path="/param"/>
    /// <inheritdoc cref="FindAsync" path="/exception"/>
    public Task<FindExplanation> ExplainAsync(FindRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default) =>
        RunAsync(request, explain: true, progress, cancel);

    /// <summary>
    /// Makes the full text and the vectors anew from the entries or, with a model, gives a namespace that model and makes the vectors that it needs. What is
    /// found meanwhile is right for the words; vectors are searched when it is done.
    /// </summary>
    /// <param name="name">The namespace whose model to set; empty for all that have none of their own. Only with a model.</param>
    /// <param name="model"><c>hash:DIMENSIONS</c>, <c>own:NAME:DIMENSIONS</c> or a name that the factory knows; null to keep models as they are.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; the next search goes on.</param>
    /// <exception cref="MemoryException">The model cannot be used, or this process does not own the folder.</exception>
    public Task<ReindexResult> ReindexAsync(string? name = null, string? model = null, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default) =>
        ReindexAsync(new ReindexRequest(name, model), progress, cancel);

    /// <summary>The same, and with <see cref="ReindexRequest.Change"/> other settings of a namespace's index. Both are kept first; should the making of the index end half-way, the next search goes on with it.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; the next search goes on.</param>
    /// <exception cref="MemoryException">The model or the settings cannot be used, and nothing was changed; or this process does not own the folder.</exception>
    public async Task<ReindexResult> ReindexAsync(ReindexRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_vectors is null) throw new MemoryException(MemoryFault.InvalidRequest, "indexes are made by the process that owns the folder, and with vectors by the full program");
        if (request is { Model: null, Change: null }) return await AnewAsync(request.Namespace, progress, cancel);
        var space = (request.Namespace ?? "").TrimEnd('/');
        if (space.Length > 0 && MemoryPath.FaultOf(space + "/x") is { } fault) throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(space)}' cannot be a namespace: {fault}");
        var id = request.Model is { } model ? ModelSpec.IsOwn(model) ? ModelSpec.OwnModel(model) : (await EmbedderAsync(model, cancel)).Model : null;
        var settings = await _memory.MaintainAsync(
            sql =>
            {
                if (id is not null) ModelTable.Put(sql, space, request.Model!, id);
                var changed = request.Change is { } change ? IndexTable.Change(sql, space, change) : null;
                NamespaceModels.Load(sql).Require();
                return changed;
            },
            0,
            cancel);
        await _vectors.RebuildAsync(anew: false, progress, cancel);
        return new ReindexResult(space, id?.ToString(), Vectors, settings);
    }

    /// <summary>Entries as points of a plane, by the two principal components of their vectors.</summary>
    /// <param name="prefix">Which entries; of several models under it, the one with the most.</param>
    /// <param name="most">Most points, 1 to <see cref="MaxMapPoints"/>; of more entries an even choice is shown.</param>
    /// <param name="progress">Hears how far an index is that has to be built first.</param>
    /// <param name="cancel">Gives up; what was indexed by then stays.</param>
    /// <exception cref="MemoryException">There is no vector under the prefix, the number is out of range, or this process does not own the folder.</exception>
    public async Task<MemoryMap> MapAsync(string prefix = "", int most = 2_000, IProgress<IndexProgress>? progress = null, CancellationToken cancel = default)
    {
        if (most is < 1 or > MaxMapPoints) throw new MemoryException(MemoryFault.InvalidRequest, $"a map of {most} points is not possible: 1 to {MaxMapPoints} are");
        if (_vectors is null) throw new MemoryException(MemoryFault.InvalidRequest, "vectors are known to the process that owns the folder: ask it for the map");
        var under = MemoryPrefix.Parse(prefix);
        return await _vectors.WithAsync(() => Task.FromResult(new MapMaker(_memory, _vectors, under, most).Make()), progress, cancel);
    }

    /// <summary>What is indexed. Builds nothing.</summary>
    /// <exception cref="Storage.StorageException">The database cannot be read.</exception>
    public SearchStats Stats()
    {
        var (texts, schema, own, models) = _memory.Query(
            static sql => (TextState.Load(sql).IsKeptUp, EntrySchema.Load(sql), VectorTable.Count(sql), NamespaceModels.Load(sql)), (false, EntrySchema.Empty, 0L, NamespaceModels.None));
        return new SearchStats(
            texts,
            schema.JsonFields,
            own,
            models.All.ToDictionary(static m => m.Namespace, static m => m.Model.ToString(), StringComparer.Ordinal),
            _vectors is null ? [] : [.. _vectors.All.Select(static i => i.Stats)],
            _vectors?.Revision ?? -1)
        {
            Settings = models.All.Where(static m => m.Namespace.Length == 0 || m.Settings.Version > 0).ToDictionary(static m => m.Namespace, static m => m.Settings, StringComparer.Ordinal),
        };
    }

    /// <summary>Closes the indexes. The memory stays open. Closing again does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true)) return;
        await _texts.DisposeAsync();
        if (_vectors is not null) await _vectors.DisposeAsync();
        _filling.Dispose();
    }

    private long Vectors => _vectors!.All.Sum(static i => (long)i.Collection.Count);

    private async Task<ReindexResult> AnewAsync(string? name, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (name is { Length: > 0 }) throw new MemoryException(MemoryFault.InvalidRequest, "indexes are made anew for all namespaces at once: leave the namespace out, or give it a model or settings");
        await new TextFiller(_memory).FillAsync(anew: true, progress, cancel);
        await _vectors!.RebuildAsync(anew: true, progress, cancel);
        return new ReindexResult(null, null, Vectors);
    }

    private async ValueTask<Embeddings.IEmbedder> EmbedderAsync(string model, CancellationToken cancel)
    {
        try
        {
            return (await _vectors!.EmbedderAsync(model, cancel))!;
        }
        catch (Embeddings.EmbeddingException e)
        {
            throw ModelSpec.Bad(model, e.Message);
        }
    }

    private async Task<FindExplanation> RunAsync(FindRequest request, bool explain, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Require();
        await FillAsync(progress, cancel);
        return await new Finder(_memory, _vectors, _texts, _without, request).RunAsync(explain, progress, cancel);
    }

    private async Task FillAsync(IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (_filled || !_memory.IsOwner) return;
        await _filling.WaitAsync(cancel);
        try
        {
            await new TextFiller(_memory).FillAsync(anew: false, progress, cancel);
            _filled = true;
        }
        finally
        {
            _filling.Release();
        }
    }
}
