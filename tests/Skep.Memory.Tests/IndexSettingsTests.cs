using Skep.Embeddings;
using Skep.Embeddings.Hashing;
using Skep.Vectors;

namespace Skep.Memory.Tests;

public sealed class IndexSettingsTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("bits7")]
    [InlineData("bits4")]
    [InlineData("bit1")]
    [InlineData("product")]
    public async Task A_namespace_is_indexed_as_it_was_told_and_stays_so(string codes)
    {
        await using var hive = new Hive();
        for (var i = 0; i < 40; i++) await hive.Put($"notes/{i}", $"honey number{i}");
        for (var i = 0; i < 5; i++) await hive.Put($"other/{i}", $"honey number{i}");
        await using (var search = hive.Search())
        {
            var done = await search.ReindexAsync(new ReindexRequest("notes", Change: IndexChange.Parse(codes, null, 8, 150)));
            Assert.Equal($"{codes}, cosine, M 8, ef 150", done.Settings!.ToString());
            Assert.Equal((1, 45), (done.Settings.Version, done.Vectors));
            await FindsAll(search);
        }

        await hive.Reopen();
        await using (var search = hive.Search())
        {
            await FindsAll(search);
            var settings = search.Stats().Settings;
            Assert.Equal(["", "notes"], settings.Keys.Order(StringComparer.Ordinal));
            Assert.Equal((IndexSettings.Default, $"{codes}, cosine, M 8, ef 150"), (settings[""], settings["notes"].ToString()));
            Assert.Equal([5L, 40L], search.Stats().Indexes.Select(static i => i.Vectors).Order());
        }
    }

    [Fact]
    public async Task Namespaces_beneath_have_what_the_one_above_has_until_they_have_their_own()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await hive.Put("a/b/x", "honey");
        await using var search = hive.Search();
        await search.ReindexAsync(new ReindexRequest("", Change: new IndexChange(M: 24)));
        await search.ReindexAsync(new ReindexRequest("a", Change: new IndexChange(VectorCodes.Bits4)));
        var deep = await search.ReindexAsync(new ReindexRequest("a/b", "hash:128", new IndexChange(Ef: 200)));
        Assert.Equal(("bits4, cosine, M 24, ef 200", "skep-hash-1:128:unit"), (deep.Settings!.ToString(), deep.Model));
        Assert.Equal(["a/b/x", "a/x"], (await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector })).Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
        var again = await search.ReindexAsync(new ReindexRequest("a", Change: new IndexChange(VectorCodes.Bits7)));
        Assert.Equal(2, again.Settings!.Version);
        Assert.Equal("bits4, cosine, M 24, ef 200", search.Stats().Settings["a/b"].ToString());
    }

    [Fact]
    public async Task Another_width_of_searches_needs_no_new_index()
    {
        await using var hive = new Hive();
        var embedder = new Counting();
        await using var search = hive.Search((_, _) => ValueTask.FromResult<IEmbedder>(embedder));
        await search.ReindexAsync("", "far/model");
        for (var i = 0; i < 30; i++) await hive.Put($"a/{i}", $"honey {i}");
        await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector });
        var before = embedder.Texts;
        await search.ReindexAsync(new ReindexRequest("", Change: new IndexChange(Ef: 500)));
        Assert.Equal(before, embedder.Texts);
        await search.ReindexAsync(new ReindexRequest("", Change: new IndexChange(VectorCodes.Bits4)));
        Assert.Equal(before + 30, embedder.Texts);
    }

    [Fact]
    public async Task Vectors_of_callers_may_have_other_metrics()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await search.ReindexAsync(new ReindexRequest("own", "own:clip:2", IndexChange.Parse(null, "l2", null, null)));
        foreach (var (name, x) in new[] { ("near", 1f), ("far", 9f), ("middle", 3f) })
            await hive.Memory.StoreAsync(new StoreRequest($"own/{name}", "v"u8.ToArray()) { Vector = new EntryVector(new EmbeddingModelId("clip", 2, false), new float[] { x, 0 }) });
        Assert.Equal(["own/near", "own/middle", "own/far"], await Near(search));
        await search.ReindexAsync(new ReindexRequest("own", Change: IndexChange.Parse(null, "dot", null, null)));
        Assert.Equal(["own/far", "own/middle", "own/near"], await Near(search));

        static async Task<string[]> Near(MemorySearch search) =>
            [.. (await search.FindAsync(new FindRequest { Vector = new float[] { 1, 0 }, Prefix = "own" })).Entries.Select(static e => e.Entry.Path)];
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_reason_and_changes_nothing()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        await No(new ReindexRequest("a", Change: new IndexChange(M: 3)), "M is 3: it must be 4 to 64");
        await No(new ReindexRequest("a", Change: new IndexChange(M: 65)), "M is 65");
        await No(new ReindexRequest("a", Change: new IndexChange(Ef: 0)), "ef 0: it is 1 to 10000");
        await No(new ReindexRequest("a", Change: new IndexChange(Ef: 10_001)), "ef 10001");
        await No(new ReindexRequest("a", Change: new IndexChange(Metric: VectorMetric.L2)), "'a' cannot have the metric l2");
        await No(new ReindexRequest("a//b", Change: new IndexChange(M: 8)), "cannot be a namespace");
        Assert.Contains("full, bits7, bits4, bit1, product", Refused.By(() => IndexChange.Parse("bits3", null, null, null), MemoryFault.InvalidRequest).Message, StringComparison.Ordinal);
        Assert.Contains("cosine, l2, dot", Refused.By(() => IndexChange.Parse(null, "manhattan", null, null), MemoryFault.InvalidRequest).Message, StringComparison.Ordinal);
        Assert.Equal([""], search.Stats().Settings.Keys);
        await search.ReindexAsync(new ReindexRequest("own", "own:clip:2", new IndexChange(Metric: VectorMetric.L2)));
        await No(new ReindexRequest("own", "hash:128"), "all of length 1");
        Assert.Equal("clip:2:raw", search.Stats().Models["own"]);
        async Task No(ReindexRequest request, string message) =>
            Assert.Contains(message, (await Refused.By(() => search.ReindexAsync(request), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_index_that_was_cut_off_is_gone_on_with_and_nothing_is_missing(bool settings)
    {
        await using var hive = new Hive();
        var embedder = new Counting();
        for (var i = 0; i < 1_800; i++) await hive.Put($"a/{i:0000}", $"honey number{i}");
        await using (var search = Search()) await search.ReindexAsync("", "far/model");
        var (whole, cut, left) = (embedder.Texts, 0, hive.IndexFolder + "-left");
        using (var enough = new CancellationTokenSource())
        {
            var search = Search();
            var progress = new Cutting(enough, 1_000, () => Copy(hive.IndexFolder, left));
            var request = settings ? new ReindexRequest("", Change: new IndexChange(VectorCodes.Bits4)) : new ReindexRequest();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search.ReindexAsync(request, progress, enough.Token));
            cut = embedder.Texts - whole;
            await search.DisposeAsync();
        }

        Assert.InRange(cut, 1_000, 1_799);
        // As a process leaves it that is killed at that moment.
        Directory.Delete(hive.IndexFolder, recursive: true);
        Directory.Move(left, hive.IndexFolder);
        await hive.Reopen();
        await using (var search = Search())
        {
            Assert.Equal(1_000, (await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector, K = 1_000 })).Entries.Count);
            Assert.Equal(1_800, Assert.Single(search.Stats().Indexes).Vectors);
            Assert.Equal(whole + 1_800 + 1, embedder.Texts); // Each once, and the question.
        }

        MemorySearch Search() => hive.Search((_, _) => ValueTask.FromResult<IEmbedder>(embedder));
    }

    private static async Task FindsAll(MemorySearch search)
    {
        for (var i = 0; i < 40; i += 13)
        {
            var found = await search.FindAsync(new FindRequest { Text = $"number{i} honey", Mode = FindMode.Vector, K = 3, Prefix = "notes" });
            Assert.Equal($"notes/{i}", found.Entries[0].Entry.Path);
            Assert.Equal(["vector skep-hash-1:384:unit"], found.Parts);
        }

        // Two indexes of one model are one list, by distance.
        var all = await search.FindAsync(new FindRequest { Text = "number3 honey", Mode = FindMode.Vector, K = 2 });
        Assert.Equal(["notes/3", "other/3"], all.Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == "LOCK") continue;
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }

    /// <summary>Ends it when so many entries are done, and does something at that moment.</summary>
    private sealed class Cutting(CancellationTokenSource enough, long after, Action then) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.Stage != "vectors" || value.Done < after || enough.IsCancellationRequested) return;
            then();
            enough.Cancel();
        }
    }

    private sealed class Counting : IEmbedder
    {
        private readonly HashEmbedder _hash = new(128);

        public int Texts { get; private set; }

        public EmbeddingModelId Model { get; } = new("far/model", 128, Normalised: true);

        public ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default)
        {
            cancel.ThrowIfCancellationRequested();
            Texts += texts.Count;
            return _hash.EmbedAsync(texts, vectors, cancel);
        }
    }
}
