using Skep.Embeddings.FullText;
using Skep.Embeddings.Hashing;
using Skep.Embeddings.Ranking;
using Skep.Storage;

namespace Skep.Bench.Retrieval;

/// <summary>Ways to rank passages for a question.</summary>
internal static class Rankers
{
    private const int Depth = 100;

    public static Func<string, IReadOnlyList<int>> Random(RetrievalSet set)
    {
        var random = new Random(1);
        return _ =>
        {
            var order = Enumerable.Range(0, set.Texts.Count).ToArray();
            random.Shuffle(order);
            return order;
        };
    }

    /// <summary>By cosine, exactly.</summary>
    public static Func<string, IReadOnlyList<int>> Hashes(RetrievalSet set, HashEmbedder embedder)
    {
        var vectors = set.Texts.Select(t => Vector(embedder, t)).ToList();
        return question =>
        {
            var asked = Vector(embedder, question);
            return [.. Enumerable.Range(0, vectors.Count).OrderByDescending(i => Dot(asked, vectors[i])).Take(Depth)];
        };
    }

    public static Func<string, IReadOnlyList<int>> Bm25(RetrievalSet set, TextIndexOptions options)
    {
        var index = new TextIndex(options);
        for (var i = 0; i < set.Texts.Count; i++) index.Put(i, set.Texts[i]);
        return question => [.. index.Search(question, Depth).Select(h => (int)h.Key)];
    }

    public static Func<string, IReadOnlyList<int>> Fused(params Func<string, IReadOnlyList<int>>[] rankers) =>
        question => [.. ReciprocalRankFusion.Fuse(rankers.Select(r => r(question)).ToList()).Select(r => r.Item)];

    /// <summary>SQLite's FTS5 with its own bm25(), in a store of its own; null where SQLite has none.</summary>
    public static async Task<Func<string, IReadOnlyList<int>>?> Fts5Async(RetrievalSet set, string tokenizer)
    {
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            var module = new StoreModule("fts", [$"CREATE VIRTUAL TABLE fts_texts USING fts5(text, tokenize = '{tokenizer}')"]);
            await using var store = SqliteStore.OpenOwner(SkepFolder.Create(directory), new StoreOptions { Modules = [module] });
            var answers = await store.WriteAsync(sql =>
            {
                for (var i = 0; i < set.Texts.Count; i++) sql.Sql("INSERT INTO fts_texts (rowid, text) VALUES (?, ?)").Bind(1, i).Bind(2, set.Texts[i]).Run();
                return set.Questions.Select(q => q.Text).Distinct().ToDictionary(q => q, IReadOnlyList<int> (q) => Find(sql, q));
            });
            return question => answers[question];
        }
        catch (StorageException missing) when (missing.Message.Contains("fts5", StringComparison.Ordinal))
        {
            return null;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static List<int> Find(SqlSession sql, string question)
    {
        if (Fts5.Expression(question) is not { } expression) return [];
        var found = new List<int>();
        var statement = sql.Sql("SELECT rowid FROM fts_texts WHERE fts_texts MATCH ? ORDER BY rank, rowid LIMIT ?").Bind(1, expression).Bind(2, Depth);
        while (statement.Step()) found.Add((int)statement.Number(0));
        return found;
    }

    private static float[] Vector(HashEmbedder embedder, string text)
    {
        var vector = new float[embedder.Model.Dimension];
        embedder.TryEmbed(text, vector);
        return vector;
    }

    private static float Dot(float[] a, float[] b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
