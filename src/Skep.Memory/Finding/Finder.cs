using Skep.Embeddings;
using Skep.Embeddings.Hashing;
using Skep.Embeddings.Ranking;
using Skep.Memory.Tables;
using Skep.Storage;
using Skep.Vectors;
using Skep.Vectors.Collections;

namespace Skep.Memory.Finding;

/// <summary>Answers one request.</summary>
/// <param name="memory">The memory.</param>
/// <param name="vectors">Its vectors; null where they are not.</param>
/// <param name="texts">Its words.</param>
/// <param name="without">Why there are no vectors, where there are none.</param>
/// <param name="request">What to find.</param>
internal sealed class Finder(MemoryStore memory, VectorIndexes? vectors, TextEngine texts, string without, FindRequest request)
{
    /// <summary>Least candidates of a list.</summary>
    private const int FewestCandidates = 50;

    /// <summary>
    /// In a search for words that did not ask for vectors, neighbours by hash embeddings count only from this cosine on: below it lies what has nothing in common
    /// but chance, and a search for what is not there should find nothing.
    /// </summary>
    private const double LeastHashCosine = 0.25;

    private readonly MemoryPrefix _prefix = MemoryPrefix.Parse(request.Prefix);
    private readonly EntrySchema _schema = memory.Query(EntrySchema.Load, EntrySchema.Empty);
    private readonly List<string> _notes = [];
    private readonly List<string> _steps = [];
    private EntryFilter? _filter;

    internal async Task<FindExplanation> RunAsync(bool explain, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        _filter = EntryFilter.Parse(request.Filter, _schema);
        var mode = ModeOf();
        for (var most = Math.Max(FewestCandidates, 4 * request.K); ; most *= 4)
        {
            _notes.Clear();
            _steps.Clear();
            var lists = await ListsAsync(mode, most, explain, progress, cancel);
            var ranked = await RankAsync(lists, progress, cancel);
            var found = memory.Query(sql => Load(sql, ranked, lists), []);
            // Candidates may have expired, or have been deleted, since a list was made.
            var isCut = lists.Any(l => l.Candidates.Count >= most) && most < SearchSettings.MaxEf / 4;
            if (found.Count < request.K && isCut && ranked.Count > found.Count) continue;
            if (found.Count == 0 && _prefix.Text.Length > 0 && !memory.Query(sql => EntryReader.Scan(sql, _prefix, null, withValues: false, 1).Any(), false)) _notes.Add($"there is no entry under '{_prefix.Text}'");
            var revision = vectors is null || vectors.Revision < 0 ? memory.Revision : vectors.Revision;
            return new FindExplanation(new FindResult(found, mode, revision, _notes, [.. lists.Select(static l => l.Name)]), _filter?.Filter.ToString(), lists, _steps);
        }
    }

    private FindMode ModeOf()
    {
        if (request.Mode != FindMode.Auto) return request.Mode;
        if (request.Text is not null) return vectors is null ? FindMode.Text : FindMode.Hybrid;
        return request.Vector is not null ? FindMode.Vector : FindMode.Auto;
    }

    private async Task<List<FindList>> ListsAsync(FindMode mode, int most, bool explain, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        var lists = new List<FindList>();
        if (mode is FindMode.Text && request.Mode is FindMode.Auto) _notes.Add($"found by words alone: {without}");
        if (mode is FindMode.Text) lists.Add(await WordsAsync(most, explain, cancel));
        if (mode is FindMode.Vector) lists.AddRange(await VectorListsAsync(mode, most, explain, progress, cancel));
        if (mode is FindMode.Hybrid) lists.AddRange(await BothAsync(mode, most, explain, progress, cancel));
        if (mode is FindMode.Auto) _steps.Add("no text and no vector: entries that pass the filter, last written first");
        if (mode is FindMode.Auto) lists.Add(texts.Passing(_prefix, _filter!, most));
        if (lists.Count > 1) _steps.Add($"lists fused by reciprocal rank (k = {ReciprocalRankFusion.DefaultK})");
        return lists;
    }

    private Task<FindList> WordsAsync(int most, bool explain, CancellationToken cancel) => texts.SearchAsync(request.Text!, _prefix, _filter, most, request.TextWeight, explain, cancel);

    /// <summary>Words on another thread, beside the vectors.</summary>
    private async Task<List<FindList>> BothAsync(FindMode mode, int most, bool explain, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        var words = Task.Run(() => WordsAsync(most, explain, cancel), cancel);
        try
        {
            var near = await VectorListsAsync(mode, most, explain, progress, cancel);
            return [await words, .. near];
        }
        catch
        {
            await Task.WhenAny(words); // What it holds must not be closed beneath it.
            throw;
        }
    }

    private async Task<List<FindList>> VectorListsAsync(FindMode mode, int most, bool explain, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (vectors is null) throw new MemoryException(MemoryFault.InvalidRequest, $"vectors cannot be searched here: {without}; or search by words (mode text)");
        try
        {
            return await vectors.WithAsync(() => SearchAllAsync(most, explain, cancel), progress, cancel);
        }
        catch (Exception e) when (mode == FindMode.Hybrid && request.Mode == FindMode.Auto && request.Vector is null && e is EmbeddingException or VectorException or MemoryException)
        {
            _notes.Add($"found by words alone: {e.Message}");
            return [];
        }
        catch (Exception e) when (e is EmbeddingException or VectorException)
        {
            throw new MemoryException(MemoryFault.InvalidRequest, e.Message, e);
        }
    }

    private async Task<List<FindList>> SearchAllAsync(int most, bool explain, CancellationToken cancel)
    {
        var (lists, left) = (new List<(NamespaceModel Of, FindList List)>(), new List<NamespaceModel>());
        foreach (var model in vectors!.Models.Within(_prefix).GroupBy(static m => m.Key).Select(static g => g.MaxBy(static m => m.Settings.Ef)!))
        {
            if (vectors.Of(model.Key) is not { } index) continue;
            if (await QueryOfAsync(model, cancel) is { } query) lists.Add((model, Search(index, query, model.Settings.Ef, most, explain)));
            else if (index.Collection.Count > 0) left.Add(model);
        }

        if (lists.Count == 0) throw new MemoryException(MemoryFault.InvalidRequest, Nothing());
        foreach (var model in left) _notes.Add($"{Named(model)} was not searched by vectors: its vectors are of {model.Model}, {(request.Vector is null ? "which callers bring; give a vector to search by" : $"and the one to search by is of {request.VectorModel}")}");
        return [.. lists.GroupBy(static l => (l.Of.Model, l.Of.Settings.Metric)).Select(g => Merge([.. g.Select(static l => l.List)], most))];
    }

    /// <summary>One list of those whose distances are on one scale.</summary>
    private static FindList Merge(List<FindList> lists, int most) => lists.Count == 1
        ? lists[0]
        : lists[0] with
        {
            Plan = string.Join("; ", lists.Select(static l => l.Plan).Where(static p => p.Length > 0)),
            Candidates = [.. lists.SelectMany(static l => l.Candidates).OrderBy(static c => c.Value).Take(most)],
            Removed = [.. lists.SelectMany(static l => l.Removed).Take(FindList.MaxRemoved)],
        };

    private static string Named(NamespaceModel model) => model.Namespace.Length == 0 ? "what has the model of all" : $"'{model.Namespace}'";

    /// <summary>The vector to search a model's index by; null when this search has none for it.</summary>
    private async ValueTask<float[]?> QueryOfAsync(NamespaceModel model, CancellationToken cancel)
    {
        if (request.Vector is not { } given) return await vectors!.EmbedderAsync(model.Spec, cancel) is { } embedder ? await EntryEmbedding.QueryAsync(embedder, request.Text!, cancel) : null;
        if (request.VectorModel is { } made)
        {
            if (vectors!.Models.Within(_prefix).Any(m => m.Model == made) && made != model.Model) return null;
            model.Model.RequireSame(made, model.Namespace.Length == 0 ? "the memory" : model.Namespace);
        }

        return VectorFaults.Of(given.Span, model.Model.Dimension) is { } fault
            ? throw new MemoryException(MemoryFault.InvalidRequest, $"the vector to search by does not fit {model.Model}, which {(model.Namespace.Length == 0 ? "the memory" : model.Namespace)} holds vectors of: {fault}")
            : given.ToArray();
    }

    /// <summary>Why no index could be searched.</summary>
    private string Nothing() => request.Vector is not null ? NoModel()
        : request.Text!.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit) ? $"the vectors under '{_prefix.Text}' are brought by callers, and no text can be compared with them: give a vector to search by, or use mode text"
        : "the text to find has no letter and no digit, so there is nothing to embed: give words, or use mode text";

    private string NoModel() => $"no namespace under '{_prefix.Text}' holds vectors of {request.VectorModel}";

    private FindList Search(ModelIndex index, float[] query, int ef, int most, bool explain)
    {
        var asked = new CollectionQuery { K = Math.Min(most, SearchSettings.MaxEf), Ef = Math.Min(Math.Max(ef, most), SearchSettings.MaxEf), Filter = PrefixFilter.Of(_prefix, _filter?.Filter), WithFields = false };
        var name = $"vector {index.Model}";
        var farthest = request.Mode == FindMode.Auto && request.Text is not null && index.Model.Name == HashEmbedder.ModelName ? 1 - LeastHashCosine : double.PositiveInfinity;
        if (!explain) return new FindList(name, "", request.VectorWeight, Candidates(index.Collection.Search(query, asked), farthest), []);
        var how = index.Collection.Explain(query, asked);
        var plan = $"{how.Method}, ef {how.Ef}, {how.Rerank} compared in full precision; {how.Qualifying} of {how.Records} records qualify, {how.Unlinked} are not in the graph yet{(double.IsFinite(farthest) ? $"; none farther than {farthest}" : "")}";
        return new FindList(name, plan, request.VectorWeight, Candidates(how.Matches, farthest), [.. how.Removed.Take(FindList.MaxRemoved).Select(static m => m.Key)]);
    }

    private static List<FindCandidate> Candidates(IReadOnlyList<VectorMatch> matches, double farthest) => [.. matches.Where(m => m.Distance <= farthest).Select(static m => new FindCandidate(m.Key, m.Distance))];

    private async Task<IReadOnlyList<Ranked<string>>> RankAsync(List<FindList> lists, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        var ranked = Ranking.Fuse(lists, request, Ages(lists));
        if (request.HalfLife is { } half) _steps.Add($"marked down by age, half-life {half}");
        if (request.NamespaceWeights is { Count: > 0 }) _steps.Add("weighed by namespace");
        if (request.Lambda is not { } lambda) return ranked;
        if (vectors is null) throw new MemoryException(MemoryFault.InvalidRequest, $"variety (lambda) needs vectors, which are not here: {without}");
        _steps.Add($"chosen for variety by maximal marginal relevance, lambda {lambda}");
        return await vectors.WithAsync(() => Task.FromResult(Ranking.Vary(ranked, request.K, lambda, VectorOf)), progress, cancel);
    }

    private float[]? VectorOf(string path) =>
        vectors!.Of(vectors.Models.Of(MemoryPath.NamespaceOf(path)).Key)?.Collection.Get(path)?.Vector.ToArray();

    private Func<string, TimeSpan> Ages(List<FindList> lists)
    {
        if (request.HalfLife is null) return static _ => TimeSpan.Zero;
        var now = memory.Clock;
        var written = memory.Query(sql => lists.SelectMany(static l => l.Candidates).Select(static c => c.Path).Distinct(StringComparer.Ordinal).ToDictionary(static p => p, p => EntryHead.Find(sql, p)?.Updated ?? now, StringComparer.Ordinal), []);
        return path => TimeSpan.FromMilliseconds(now - written.GetValueOrDefault(path, now));
    }

    private List<FoundEntry> Load(SqlSession sql, IReadOnlyList<Ranked<string>> ranked, List<FindList> lists)
    {
        var (found, bytes) = (new List<FoundEntry>(), 0L);
        var places = Places.Of(lists);
        foreach (var (path, score) in ranked)
        {
            if (found.Count == request.K || bytes > MemoryLimits.MaxPageBytes) break;
            if (EntryReader.Find(sql, path, request.WithValues) is not { } entry || EntryRow.IsExpired(entry.ExpiresUnixMs, memory.Clock)) continue;
            bytes += request.WithValues ? entry.Size : 0;
            var place = places[path];
            found.Add(new FoundEntry(entry, score, place.Text, place.Vector, place.Distance));
        }

        return found;
    }

    /// <summary>Where an entry stands in each kind of list.</summary>
    private readonly record struct Places(int? Text, int? Vector, double? Distance)
    {
        internal static Dictionary<string, Places> Of(List<FindList> lists)
        {
            var places = new Dictionary<string, Places>(StringComparer.Ordinal);
            foreach (var list in lists)
            {
                for (var i = 0; i < list.Candidates.Count; i++)
                {
                    var (path, value) = list.Candidates[i];
                    var place = places.GetValueOrDefault(path);
                    places[path] = list.Name.StartsWith("vector", StringComparison.Ordinal) ? place with { Vector = i + 1, Distance = value }
                        : list.Name == "text" ? place with { Text = i + 1 } : place;
                }
            }

            return places;
        }
    }
}
