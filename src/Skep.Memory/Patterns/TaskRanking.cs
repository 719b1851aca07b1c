using Skep.Embeddings.FullText;
using Skep.Embeddings.Ranking;

namespace Skep.Memory.Patterns;

/// <summary>
/// Orders candidates by their tasks alone. The memory's search, which found them, sees the whole of an entry: times, ids and critiques, in which chance words agree. By words (BM25 among the candidates, so that a
/// name that few have counts more than what all say) and by likeness, fused by rank as everywhere in memory. The same candidates give the same order.
/// </summary>
internal static class TaskRanking
{
    /// <param name="task">The task whose like to find.</param>
    /// <param name="candidates">In the order in which the search had them, with the likeness of their tasks.</param>
    /// <param name="byMeaning">Whether that order comes from vectors of a model, which knows more than spellings do; it then takes the place of likeness.</param>
    internal static IReadOnlyList<FoundEpisode> Order(string task, IReadOnlyList<FoundEpisode> candidates, bool byMeaning)
    {
        List<FoundEpisode> all = [.. candidates.OrderBy(static f => f.Episode.Id, StringComparer.Ordinal)];
        var index = new TextIndex();
        for (var i = 0; i < all.Count; i++) index.Put(i, all[i].Episode.Task);
        List<string> words = [.. index.Search(task, Math.Max(1, all.Count)).OrderByDescending(static h => h.Score).ThenBy(static h => h.Key).Select(h => all[(int)h.Key].Episode.Id)];
        List<string> near = [.. (byMeaning ? candidates.AsEnumerable() : all.OrderByDescending(static f => f.Likeness ?? 0)).Select(static f => f.Episode.Id)];
        var places = ReciprocalRankFusion.Fuse<string>([words, near], [FindRequest.DefaultTextWeight, 1]).Select(static (r, place) => (r.Item, place)).ToDictionary(static p => p.Item, static p => p.place, StringComparer.Ordinal);
        return [.. all.OrderBy(f => places[f.Episode.Id])];
    }
}
