using System.Diagnostics;
using Skep.Embeddings.FullText;
using Skep.Embeddings.Hashing;

namespace Skep.Bench.Retrieval;

/// <summary>How well, and how fast, texts are found without a model.</summary>
internal static class RetrievalBench
{
    private static readonly int[] Dimensions = [128, 256, 384, 1024];

    public static async Task RunAsync(Table table)
    {
        await Quality(table, "questions by hand (test half)", RetrievalSet.ByHand("test"), isGoal: true);
        await Quality(table, "headings", RetrievalSet.ByHeadings(), isGoal: false);
        foreach (var dimension in Dimensions) Speed(table, dimension);
        Search(table);
    }

    private static async Task Quality(Table table, string name, RetrievalSet set, bool isGoal)
    {
        var random = RetrievalMeasures.Of(set, Rankers.Random(set));
        var bm25 = Rankers.Bm25(set, new());
        var found = RetrievalMeasures.Of(set, bm25);
        table.Row($"{name}: {set.Questions.Count} queries, {set.Texts.Count} passages; BM25, own index: nDCG@10, recall@10", $"{found}", $"random {random}", null, "", null);
        Row("BM25, own index, without stems", Rankers.Bm25(set, new() { Stemming = false }));
        if (await Rankers.Fts5Async(set, Fts5.Tokenizer) is { } porter) Row($"BM25, FTS5 ({Fts5.Tokenizer})", porter);
        if (await Rankers.Fts5Async(set, "unicode61") is { } plain) Row("BM25, FTS5 (unicode61)", plain);
        foreach (var dimension in Dimensions) Row($"hash embeddings, {dimension} dimensions", Rankers.Hashes(set, new(dimension)), isGoal);
        foreach (var dimension in Dimensions) Row($"hybrid, RRF of own BM25 and hashes of {dimension}", Rankers.Fused(bm25, Rankers.Hashes(set, new(dimension))));

        void Row(string method, Func<string, IReadOnlyList<int>> rank, bool goal = false)
        {
            var measured = RetrievalMeasures.Of(set, rank);
            table.Row($"{name}: {method}", $"{measured}", $"BM25 {found}", measured.Ndcg / found.Ndcg, goal ? "better than random" : "", goal ? measured.Ndcg > random.Ndcg : null);
        }
    }

    private static void Speed(Table table, int dimension)
    {
        var texts = RetrievalSet.ByHand("test").Texts;
        var whole = string.Join('\n', texts);
        var megabyte = string.Concat(Enumerable.Repeat(whole, 8))[..HashEmbedder.MaxText];
        var embedder = new HashEmbedder(dimension);
        var vector = new float[dimension];
        var characters = texts.Sum(t => t.Length);
        var passages = Best(() => texts.ToList().ForEach(t => embedder.Embed(t, vector)));
        var large = Best(() => embedder.Embed(megabyte, vector));
        var random = new Random(1);
        var noise = string.Create(HashEmbedder.MaxText, random, static (to, r) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = r.Next(7) == 0 ? ' ' : (char)('a' + r.Next(26));
        });
        var worst = Best(() => embedder.Embed(noise, vector));
        table.Row($"hash embeddings, {dimension} dimensions, one thread: passages of {characters / texts.Count} characters; 1 MiB of text; 1 MiB of random letters",
            $"{characters / passages / 1e6:0.0} MB/s ({passages / texts.Count * 1e6:0} µs each); {large * 1e3:0} ms; {worst * 1e3:0} ms", "", null, "", null);
    }

    private static void Search(Table table)
    {
        const int Copies = 180;
        var set = RetrievalSet.ByHand("test");
        var index = new TextIndex();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Copies * set.Texts.Count; i++) index.Put(i, $"{set.Texts[i % set.Texts.Count]} copy {i / set.Texts.Count}");
        var build = clock.Elapsed.TotalSeconds;
        foreach (var question in set.Questions) index.Search(question.Text, 10);
        var times = set.Questions.Select(q => Best(() => index.Search(q.Text, 10), 3)).Order().ToList();
        table.Row($"own BM25 index, {index.Count:N0} texts: search p50, p99", $"{times[times.Count / 2] * 1e3:0.00} ms, {times[times.Count * 99 / 100] * 1e3:0.00} ms",
            $"built with {index.Count / build:N0} texts/s, {index.Bytes / 1048576.0:0} MiB", null, "", null);
    }

    private static double Best(Action action, int times = 7)
    {
        var best = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return best;
    }
}
