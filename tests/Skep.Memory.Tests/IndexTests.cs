using System.Text;
using Skep.Embeddings;
using Skep.Embeddings.Hashing;

namespace Skep.Memory.Tests;

public sealed class IndexTests
{
    private static readonly EmbeddingModelId Clip = new("clip", 3, Normalised: false);

    [Fact]
    public async Task Losing_the_folder_of_vectors_loses_nothing()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 30; i++) await hive.Put($"a/{i}", $"honey {i} comb");
        await Own(hive);
        await using (var search = hive.Search()) await AllFound(search);
        Directory.Delete(hive.IndexFolder, recursive: true);
        await using (var search = hive.Search()) await AllFound(search);
        foreach (var file in Directory.EnumerateFiles(hive.IndexFolder, "*", SearchOption.AllDirectories)) await File.WriteAllTextAsync(file, "damaged");
        await using (var search = hive.Search()) await AllFound(search);

        async Task AllFound(MemorySearch search)
        {
            Assert.Equal(30, (await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector, K = 100, Prefix = "a" })).Entries.Count);
            Assert.Equal("own/x", (await search.FindAsync(new FindRequest { Vector = new float[] { 1, 0, 0 }, Prefix = "own" })).Entries[0].Entry.Path);
        }
    }

    [Fact]
    public async Task A_search_after_a_restart_takes_in_what_was_written_meanwhile()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 20; i++) await hive.Put($"a/{i}", "honey comb");
        await using (var search = hive.Search()) Assert.Equal(20, (await Near(search)).Length);
        await hive.Reopen();
        await hive.Memory.DeleteAsync("a/3");
        await hive.Put("a/new", "honey comb");
        await using (var search = hive.Search())
        {
            var paths = await Near(search);
            Assert.Equal(hive.Paths(), paths);
        }
    }

    [Fact]
    public async Task Where_the_log_of_changes_does_not_reach_back_all_entries_are_compared()
    {
        await using var hive = new Hive(new MemoryLimits { MaxChanges = 5 });
        for (var i = 0; i < 10; i++) await hive.Put($"a/{i}", "honey comb");
        await using var search = hive.Search();
        Assert.Equal(10, (await Near(search)).Length);
        for (var i = 0; i < 200; i++) await hive.Put($"b/{i % 20}", "honey comb");
        for (var i = 0; i < 10; i++) await hive.Memory.DeleteAsync($"a/{i}");
        for (var i = 0; i < 130; i++) await hive.Put("c/x", $"honey comb {i}");
        Assert.Equal(hive.Paths(), await Near(search));
    }

    [Fact]
    public async Task A_namespace_moves_to_another_model_and_vectors_are_not_mixed()
    {
        await using var hive = new Hive();
        await hive.Put("notes/x", "honey comb");
        await hive.Put("other/x", "honey comb");
        await using var search = hive.Search();
        Assert.Equal(2, (await Near(search)).Length);
        var done = await search.ReindexAsync("notes", "hash:128");
        Assert.Equal(new ReindexResult("notes", "skep-hash-1:128:unit", 2), done);
        Assert.Equal(2, (await Near(search)).Length);
        var how = await search.ExplainAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector });
        Assert.Equal(["vector skep-hash-1:128:unit", "vector skep-hash-1:384:unit"], how.Lists.Select(static l => l.Name).Order(StringComparer.Ordinal));
        Assert.Equal("skep-hash-1:128:unit", search.Stats().Models["notes"]);
        var mixed = await Refused.By(() => search.FindAsync(new FindRequest { Vector = new float[384], VectorModel = new HashEmbedder().Model, Prefix = "notes" }), MemoryFault.InvalidRequest);
        Assert.Contains("'notes' holds vectors of skep-hash-1 (128 dimensions, normalised)", mixed.Message, StringComparison.Ordinal);
        await Refused.By(() => search.ReindexAsync("notes", "hash:7"), MemoryFault.InvalidRequest);
        await Refused.By(() => search.ReindexAsync("notes", "own:x"), MemoryFault.InvalidRequest);
        var unknown = await Refused.By(() => search.ReindexAsync("notes", "nobody/model"), MemoryFault.InvalidRequest);
        Assert.Contains("nobody/model", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_bring_vectors_of_their_own_where_the_namespace_is_for_them()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var refused = await Refused.By(() => hive.Memory.StoreAsync(Vector("own/x", 1, 0, 0)), MemoryFault.InvalidRequest);
        Assert.Contains("own:NAME:DIMENSIONS", refused.Message, StringComparison.Ordinal);
        Assert.Null(hive.Memory.Get("own/x"));
        await search.ReindexAsync("own", "own:clip:3");
        await hive.Memory.StoreAsync(Vector("own/x", 1, 0, 0));
        await hive.Memory.StoreAsync(Vector("own/y", 0, 1, 0));
        await hive.Memory.StoreAsync(Vector("own/z", 0.9f, 0.1f, 0));
        var found = await search.FindAsync(new FindRequest { Vector = new float[] { 1, 0, 0 }, VectorModel = Clip, Prefix = "own" });
        Assert.Equal(["own/x", "own/z", "own/y"], found.Entries.Select(static e => e.Entry.Path));
        Assert.Equal(0, found.Entries[0].Distance!.Value, 5);
        await hive.Put("own/x", "without a vector now");
        Assert.Equal(["own/z", "own/y"], (await search.FindAsync(new FindRequest { Vector = new float[] { 1, 0, 0 }, Prefix = "own" })).Entries.Select(static e => e.Entry.Path));
        foreach (var bad in new[] { Vector("own/b", 1, 0), Vector("own/b", 0, 0, 0), Vector("own/b", float.NaN, 0, 1), Vector("own/b", float.PositiveInfinity, 0, 1) })
            await Refused.By(() => hive.Memory.StoreAsync(bad), MemoryFault.InvalidValue);
        Assert.Equal(2, search.Stats().OwnVectors);
    }

    [Fact]
    public async Task Entries_from_before_full_text_are_filled_in_by_the_first_search()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 1_200; i++) await hive.Put($"old/{i:0000}", $"honey number{i}");
        await hive.Store.WriteAsync(static sql =>
        {
            sql.Sql("DROP TABLE memory_texts").Run();
            sql.Sql("UPDATE memory_search SET texts = 0, filled = 0").Run();
            return 0;
        });
        await using (var reader = hive.OpenReader())
        await using (var memory = MemoryStore.OpenReader(reader, hive.Time))
        await using (var cold = MemorySearch.OpenReader(memory)) Assert.Equal("old/0700", Assert.Single((await cold.FindAsync(new FindRequest { Text = "number700" })).Entries).Entry.Path);
        await hive.Put("old/0001", "changed before it was filled in");
        await hive.Memory.DeleteAsync("old/0002");
        await using var search = hive.Search();
        Assert.False(search.Stats().HasFullText);
        var seen = new List<IndexProgress>();
        Assert.Equal("old/0700", Assert.Single((await search.FindAsync(new FindRequest { Text = "number700", Mode = FindMode.Text }, new Heard(seen))).Entries).Entry.Path);
        Assert.True(search.Stats().HasFullText);
        Assert.Equal([501, 1_001, 1_200], seen.Where(static p => p.Stage == "texts").Select(static p => p.Done));
        Assert.Empty((await search.FindAsync(new FindRequest { Text = "number1 number2", Mode = FindMode.Text })).Entries);
        Assert.Single((await search.FindAsync(new FindRequest { Text = "filled", Mode = FindMode.Text })).Entries);
        await hive.Put("old/0700", "honey again");
        Assert.Empty((await search.FindAsync(new FindRequest { Text = "number700", Mode = FindMode.Text })).Entries);
    }

    [Fact]
    public async Task The_index_in_memory_finds_what_the_database_finds_and_follows_changes()
    {
        await using var hive = new Hive();
        var words = new[] { "honey", "comb", "queen", "drone", "pollen", "nectar", "swarm", "hive" };
        await hive.Memory.StoreManyAsync([.. Enumerable.Range(0, 2_500).Select(i => new StoreRequest($"w/{i % 7}/{i:0000}", Encoding.UTF8.GetBytes($"{words[i % 8]} {words[i / 8 % 8]} unique{i}")))]);
        await using var search = hive.Search();
        var cold = await search.ExplainAsync(Text("unique77 unique1234", "w/"));
        Assert.StartsWith("FTS5", cold.Lists[0].Plan, StringComparison.Ordinal);
        await search.FindAsync(Text("honey", ""));
        await search.Warming;
        var warm = await search.ExplainAsync(Text("unique77 unique1234", "w/"));
        Assert.StartsWith("index in memory", warm.Lists[0].Plan, StringComparison.Ordinal);
        Assert.Equal(Paths(cold.Result), Paths(warm.Result));
        await hive.Put("w/new", "unique77 afresh");
        await hive.Memory.DeleteAsync("w/0/0077");
        Assert.Equal(["w/new"], Paths(await search.FindAsync(Text("unique77", ""))));
        var filtered = await search.ExplainAsync(Text("honey", "w") with { Filter = "namespace = 'w/3' and size > 5", K = 500 });
        Assert.Equal(Enumerable.Range(0, 2_500).Count(static i => i % 7 == 3 && (i % 8 == 0 || i / 8 % 8 == 0)), filtered.Result.Entries.Count);
        Assert.All(filtered.Result.Entries, static e => Assert.StartsWith("w/3/", e.Entry.Path, StringComparison.Ordinal));
        Assert.NotEmpty(filtered.Lists[0].Removed);
    }

    [Fact]
    public async Task Age_namespaces_and_variety_change_the_order()
    {
        await using var hive = new Hive();
        await hive.Put("old/a", "honey comb wax");
        hive.Pass(TimeSpan.FromDays(30).TotalMilliseconds);
        await hive.Put("new/a", "honey comb wax and more words that are not asked for");
        await hive.Put("new/b", "honey comb wax and more words that are not asked for!");
        await hive.Put("new/c", "the queen has honey");
        await using var search = hive.Search();
        var plain = new FindRequest { Text = "honey comb wax", Mode = FindMode.Hybrid };
        Assert.Equal("old/a", Paths(await search.FindAsync(plain))[0]);
        Assert.Equal("old/a", Paths(await search.FindAsync(plain with { HalfLife = TimeSpan.FromDays(1) }))[^1]);
        Assert.Equal("old/a", Paths(await search.FindAsync(plain with { NamespaceWeights = new Dictionary<string, double> { ["old"] = 0.1 } }))[^1]);
        var varied = Paths(await search.FindAsync(plain with { Lambda = 0.3, K = 3 }));
        Assert.Contains("new/c", varied);
        Assert.DoesNotContain("new/c", Paths(await search.FindAsync(plain with { K = 3 })));
    }

    [Fact]
    public async Task A_model_that_cannot_be_reached_leaves_words()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        var works = true;
        await using var search = hive.Search((_, _) => ValueTask.FromResult<IEmbedder>(new Moody(() => works)));
        await search.ReindexAsync("", "far/model");
        Assert.Equal(2, (await search.FindAsync(new FindRequest { Text = "honey" })).Entries[0].VectorRank + 1);
        works = false;
        await hive.Put("a/y", "honey");
        var found = await search.FindAsync(new FindRequest { Text = "honey" });
        Assert.Equal(["a/x", "a/y"], Paths(found).Order(StringComparer.Ordinal));
        Assert.Equal("found by words alone: it is far away", Assert.Single(found.Notes));
        await Refused.By(() => search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector }), MemoryFault.InvalidRequest);
    }

    [Fact]
    public async Task Tags_and_vectors_of_callers_are_exported_and_restored()
    {
        await using var hive = new Hive();
        await Own(hive);
        await hive.Memory.StoreAsync(new StoreRequest("own/t", "honey"u8.ToArray()) { Tags = ["b", "a", "b"] });
        using var file = new MemoryStream();
        Assert.Equal(3, hive.Memory.Export("", file));
        await hive.Memory.DeletePrefixAsync("");
        file.Position = 0;
        Assert.Equal(3, (await hive.Memory.RestoreAsync(file)).Restored);
        Assert.Equal(["a", "b"], hive.Memory.Get("own/t")!.Tags);
        using var again = new MemoryStream();
        hive.Memory.Export("", again);
        Assert.Equal(file.ToArray(), again.ToArray());
        await using var search = hive.Search();
        Assert.Equal("own/y", Paths(await search.FindAsync(new FindRequest { Vector = new float[] { 0, 1, 0 }, Prefix = "own" }))[0]);
    }

    [Fact]
    public async Task Many_values_are_stored_together_or_not_at_all()
    {
        await using var hive = new Hive();
        var e = await Refused.By(() => hive.Memory.StoreManyAsync([new StoreRequest("a/1", "x"u8.ToArray()), new StoreRequest("a//2", "x"u8.ToArray())]), MemoryFault.InvalidRequest);
        Assert.Contains("a//2", e.Message, StringComparison.Ordinal);
        Assert.Empty(hive.Paths());
        var done = await hive.Memory.StoreManyAsync([new StoreRequest("a/1", "x"u8.ToArray()), new StoreRequest("a/1", "y"u8.ToArray()) { ExpectedVersion = 1 }, new StoreRequest("a/2", "z"u8.ToArray()) { ExpectedVersion = 4 }]);
        Assert.Equal([(true, 1L), (true, 2L), (false, 0L)], done.Select(static r => (r.Applied, r.Version)));
        Assert.Equal(["a/1"], hive.Paths());
    }

    private static string[] Paths(FindResult found) => [.. found.Entries.Select(static e => e.Entry.Path)];

    private static FindRequest Text(string text, string prefix) => new() { Text = text, Prefix = prefix, Mode = FindMode.Text };

    private static async Task<string[]> Near(MemorySearch search) =>
        [.. Paths(await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector, K = 100 })).Order(StringComparer.Ordinal)];

    private static StoreRequest Vector(string path, params float[] numbers) => new(path, "v"u8.ToArray()) { Vector = new EntryVector(Clip, numbers) };

    private static async Task Own(Hive hive)
    {
        await using var search = hive.Search();
        await search.ReindexAsync("own", "own:clip:3");
        await hive.Memory.StoreAsync(Vector("own/x", 1, 0, 0));
        await hive.Memory.StoreAsync(Vector("own/y", 0, 1, 0));
    }

    private sealed class Heard(List<IndexProgress> seen) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => seen.Add(value);
    }

    /// <summary>Works, or says that it is far away.</summary>
    private sealed class Moody(Func<bool> works) : IEmbedder
    {
        private readonly HashEmbedder _hash = new(128);

        public EmbeddingModelId Model { get; } = new("far/model", 128, Normalised: true);

        public ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default) =>
            works() ? _hash.EmbedAsync(texts, vectors, cancel) : throw new MemoryException(MemoryFault.InvalidRequest, "it is far away");
    }
}
