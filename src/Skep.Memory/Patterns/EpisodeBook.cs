using System.Globalization;
using Skep.Embeddings.Hashing;
using Skep.Memory.Tables;

namespace Skep.Memory.Patterns;

/// <summary>
/// Episodes in a memory: one entry each, as JSON, with tags. They are entries like all others: <c>skep memory search</c> finds them, an export holds them. Thread-safe.
/// </summary>
public sealed class EpisodeBook(MemoryStore memory, MemorySearch search)
{
    /// <summary>Candidates that a search looks through at first.</summary>
    private const int FewestCandidates = 100;

    /// <summary>Candidates that a search looks through, at most, for those that what the index cannot ask for leaves.</summary>
    private const int MaxCandidates = FindRequest.MaxK;

    /// <summary>Records an episode.</summary>
    /// <param name="spaces">Where.</param>
    /// <param name="episode">
    /// Without an id it gets one of its time and content: recorded twice at the same millisecond it is the same. With an id, a second delivery changes nothing. Without a time it is now.
    /// </param>
    /// <param name="salt">Sets apart what is alike, such as the id of the request; empty for nothing.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">The episode is not valid, another one has its id, or the namespace is full.</exception>
    public async Task<RecordedEpisode> RecordAsync(PatternSpaces spaces, Episode episode, string salt = "", CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        ArgumentNullException.ThrowIfNull(episode);
        EpisodeCheck.Require(episode);
        if (episode.IsFaded || episode.Merged.Count > 0 || episode.Count != 1) throw new MemoryException(MemoryFault.InvalidRequest, "an episode is one try: only a consolidation merges several, or drops all but their counts");
        var named = Named(episode with { AtUnixMs = episode.AtUnixMs > 0 ? episode.AtUnixMs : memory.Clock }, salt);
        var path = $"{spaces.Episodes}/{named.Id}";
        RequireRoom(spaces, path);
        var stored = await memory.StoreAsync(RequestOf(spaces.Episodes, named, expected: 0), cancel);
        if (stored.Applied) return new RecordedEpisode(path, named.Id, IsNew: true);
        return IsSame(path, named) ? new RecordedEpisode(path, named.Id, IsNew: false) : throw new MemoryException(MemoryFault.Conflict, $"another episode has the id '{named.Id}': give this one an id of its own, or none");
    }

    /// <summary>Finds episodes by the likeness of their tasks and by how they ended: candidates by the memory's search, in the order of their tasks alone.</summary>
    /// <exception cref="MemoryException">The query makes no sense.</exception>
    public async Task<FoundEpisodes> SearchAsync(PatternSpaces spaces, EpisodeQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        ArgumentNullException.ThrowIfNull(query);
        query.Require();
        for (var most = Math.Max(FewestCandidates, 4 * query.K); ; most = Math.Min(MaxCandidates, 4 * most))
        {
            var reader = new PatternReader(memory);
            var request = new FindRequest { Text = query.Task, Filter = query.FilterIn(spaces.Episodes), Prefix = $"{spaces.Episodes}/", K = most, WithValues = true };
            var result = await search.FindAsync(request, null, cancel);
            var found = Fitting(spaces, result, reader, query).Take(query.K).ToList();
            if (found.Count < query.K && result.Entries.Count == most && most < MaxCandidates) continue;
            var cut = found.Count < query.K && result.Entries.Count == most ? (IReadOnlyList<string>)[$"only the {MaxCandidates} best candidates were looked through"] : [];
            return new FoundEpisodes(found, [.. result.Notes, .. reader.Notes, .. cut]);
        }
    }

    /// <summary>What was tried at the tasks most like this one, and how it went.</summary>
    /// <exception cref="MemoryException">The query makes no sense, or names no task.</exception>
    public async Task<Advice> AdviseAsync(PatternSpaces spaces, EpisodeQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Task is null) throw new MemoryException(MemoryFault.InvalidRequest, "say what is to be done: advice is about tasks like it");
        var found = await SearchAsync(spaces, query, cancel);
        return new Advice(Advice.Rank(found.Episodes), found.Episodes.Count, found.Notes);
    }

    /// <summary>Lists episodes in the order of their ids.</summary>
    /// <param name="spaces">Where.</param>
    /// <param name="after">Begin after this path: what an earlier page gave as next.</param>
    /// <param name="limit">Most episodes, up to <see cref="EpisodeQuery.MaxK"/>.</param>
    /// <exception cref="MemoryException">The limit makes no sense.</exception>
    public EpisodePage List(PatternSpaces spaces, string? after = null, int limit = 100)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        if (limit is < 1 or > EpisodeQuery.MaxK) throw new MemoryException(MemoryFault.InvalidRequest, $"{limit} cannot be the most episodes of a page: give 1 to {EpisodeQuery.MaxK}");
        var (reader, page) = (new PatternReader(memory), memory.List($"{spaces.Episodes}/", after, limit, withValues: true));
        return new EpisodePage([.. page.Entries.Where(e => MemoryPath.NamespaceOf(e.Path) == spaces.Episodes).Select(reader.EpisodeOf).OfType<Episode>()], page.Next, reader.Notes);
    }

    /// <summary>The request that stores an episode. Its author is the entry's and does not stand in the value: who did it is no word of what was done, by which it is found.</summary>
    internal static StoreRequest RequestOf(string space, Episode episode, long expected) => new($"{space}/{episode.Id}", PatternJson.Bytes(episode with { By = MemoryAuthor.Unknown }, PatternJson.Default.Episode))
    {
        ContentType = MemoryContentType.Json, Author = episode.By, Tags = EpisodeTags.Of(episode), ExpectedVersion = expected,
    };

    private IEnumerable<FoundEpisode> Fitting(PatternSpaces spaces, FindResult result, PatternReader reader, EpisodeQuery query)
    {
        List<Episode> episodes = [.. result.Entries.Select(f => reader.EpisodeOf(f.Entry)).OfType<Episode>()];
        if (query.Task is not { } task) return episodes.Where(e => e.Reward >= query.MinReward).Select(static e => new FoundEpisode(e, null));
        var likenesses = new TaskLikeness();
        var asked = likenesses.Of(task);
        List<FoundEpisode> candidates = [.. episodes.Select(e => new FoundEpisode(e, Math.Round(TaskLikeness.Between(asked, likenesses.Of(e.Task)), 4)))];
        var model = memory.Query(NamespaceModels.Load, NamespaceModels.None).Of(spaces.Episodes).Model;
        return TaskRanking.Order(task, candidates, byMeaning: model.Name != HashEmbedder.ModelName).Where(f => f.Episode.Reward >= query.MinReward && f.Likeness >= query.MinLikeness);
    }

    private static Episode Named(Episode episode, string salt)
    {
        if (episode.Id.Length > 0) return episode;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(episode.AtUnixMs).ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        return episode with { Id = $"{time}-{PatternHash.Of(salt, System.Text.Encoding.UTF8.GetString(PatternJson.Bytes(episode, PatternJson.Default.Episode)))[..10]}" };
    }

    /// <summary>Whether what is there says the same. Who repeats a task that was cut off may be another agent, and does so at another time.</summary>
    private bool IsSame(string path, Episode episode) =>
        memory.Get(path) is { Value: not null } entry && new PatternReader(memory).EpisodeOf(entry) is { } there && Words(there).AsSpan().SequenceEqual(Words(episode));

    private static byte[] Words(Episode episode) => PatternJson.Bytes(episode with { AtUnixMs = 0, By = MemoryAuthor.Unknown, Count = 1, Merged = [] }, PatternJson.Default.Episode);

    private void RequireRoom(PatternSpaces spaces, string path)
    {
        if (memory.Query(sql => NamespaceTotals.EntriesOf(sql, spaces.Episodes), 0L) < PatternLimits.MaxEpisodes || memory.Get(path) is not null) return;
        throw new MemoryException(MemoryFault.Full, $"'{spaces.Episodes}' holds {PatternLimits.MaxEpisodes} episodes, which is the most: 'skep memory consolidate --keep {PatternLimits.MaxEpisodes / 2}' makes room");
    }
}
