using Skep.Embeddings.FullText;
using Skep.Embeddings.Hashing;
using Skep.Memory;
using Skep.Storage;
using Skep.Vectors;
using Skep.Vectors.Collections;

namespace Skep.Bench.Searching;

/// <summary>The same questions without us: SQLite's full text alone, and the comparison with every vector.</summary>
internal static class SearchBaselines
{
    /// <summary>The ten best by FTS5's own ranking, out of the memory's table, on an open connection.</summary>
    public static async Task<SearchTimes> FullTextAsync(SkepFolder folder, int times, Func<int, string> question)
    {
        await using var store = SqliteStore.OpenReader(folder);
        for (var i = 0; i < 5; i++) Find(store, question(i));
        return SearchTimes.Of(times, i => Find(store, question(i)));
    }

    /// <summary>The ten nearest of all vectors in full precision, by their paths, and how long that takes.</summary>
    public static async Task<(SearchTimes Times, List<HashSet<string>> Nearest)> ExactAsync(string indexes, int times, Func<int, string> question)
    {
        var embedder = new HashEmbedder();
        var options = new CollectionOptions { Index = new VectorIndexOptions { Dimension = embedder.Model.Dimension, Metric = VectorMetric.Cosine } };
        await using var collection = VectorCollection.Open(Directory.GetDirectories(indexes).Single(), options);
        var nearest = new List<HashSet<string>>();
        var vector = new float[embedder.Model.Dimension];
        var taken = SearchTimes.Of(times, i =>
        {
            embedder.TryEmbed(question(i), vector);
            nearest.Add(collection.Search(vector, new CollectionQuery { K = 10, Exact = true, WithFields = false }).Select(static m => m.Key).ToHashSet(StringComparer.Ordinal));
        });
        return (taken, nearest);
    }

    private static int Find(SqliteStore store, string question) => store.Read(
        MemoryStore.Module,
        sql =>
        {
            if (Fts5.Expression(question) is not { } expression) return 0;
            var count = 0;
            var rows = sql.Sql("SELECT d.path FROM memory_texts f JOIN memory_docs d ON d.id = f.rowid WHERE memory_texts MATCH ?1 ORDER BY f.rank LIMIT 10").Bind(1, expression);
            while (rows.Step()) count++;
            return count;
        },
        0);
}
