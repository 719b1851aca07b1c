using System.Text;

namespace Skep.Memory.Tests;

/// <summary>An answer says by which lists it was found, and why not by others.</summary>
public sealed class SearchPartsTests
{
    [Fact]
    public async Task An_answer_names_its_parts()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        Assert.Equal(["text", "vector skep-hash-1:384:unit"], (await search.FindAsync(new FindRequest { Text = "honey" })).Parts);
        Assert.Equal(["text"], (await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Text })).Parts);
        var filtered = await search.FindAsync(new FindRequest { Filter = "size > 1" });
        Assert.Equal(["filter"], filtered.Parts);
        Assert.Empty(filtered.Notes);
    }

    [Fact]
    public async Task Without_vectors_it_says_so_and_why()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var store = hive.OpenReader();
        await using var memory = MemoryStore.OpenReader(store, hive.Time);
        await using var search = MemorySearch.OpenReader(memory, "the owner hangs");
        var found = await search.FindAsync(new FindRequest { Text = "honey" });
        Assert.Equal("a/x", Assert.Single(found.Entries).Entry.Path);
        Assert.Equal("found by words alone: the owner hangs", Assert.Single(found.Notes));
        Assert.Equal(["text"], found.Parts);
        Assert.Equal(FindMode.Text, found.Mode);
        Assert.Empty((await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Text })).Notes); // That was asked for.
        foreach (var request in new FindRequest[] { new() { Text = "honey", Mode = FindMode.Hybrid }, new() { Text = "honey", Mode = FindMode.Vector }, new() { Vector = new float[384] }, new() { Text = "honey", Lambda = 0.5 } })
            Assert.Contains("the owner hangs", (await Refused.By(() => search.FindAsync(request), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_that_another_process_holds_are_said_to_be_missing()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var first = hive.Search();
        await first.FindAsync(new FindRequest { Text = "honey" });
        await using var second = hive.Search();
        var found = await second.FindAsync(new FindRequest { Text = "honey" });
        Assert.Equal("a/x", Assert.Single(found.Entries).Entry.Path);
        Assert.Equal(["text"], found.Parts);
        Assert.StartsWith("found by words alone: ", Assert.Single(found.Notes), StringComparison.Ordinal);
        await Refused.By(() => second.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Vector }), MemoryFault.InvalidRequest);
    }

    [Fact]
    public async Task Namespaces_whose_vectors_do_not_fit_the_search_are_named()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await search.ReindexAsync("own", "own:clip:3");
        await hive.Memory.StoreAsync(new StoreRequest("own/x", "honey"u8.ToArray()) { Vector = new EntryVector(new Embeddings.EmbeddingModelId("clip", 3, false), new float[] { 1, 0, 0 }) });
        await hive.Put("a/x", "honey");
        var byText = await search.FindAsync(new FindRequest { Text = "honey" });
        Assert.Equal(["a/x", "own/x"], byText.Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
        Assert.Contains("'own' was not searched by vectors: its vectors are of clip:3:raw", Assert.Single(byText.Notes), StringComparison.Ordinal);
        var byVector = await search.FindAsync(new FindRequest { Vector = new float[] { 1, 0, 0 }, VectorModel = new Embeddings.EmbeddingModelId("clip", 3, false) });
        Assert.Equal("own/x", Assert.Single(byVector.Entries).Entry.Path);
        Assert.Contains("skep-hash-1:384:unit", Assert.Single(byVector.Notes), StringComparison.Ordinal);
        var alone = await search.FindAsync(new FindRequest { Text = "honey", Prefix = "own" });
        Assert.Contains("no text can be compared with them", Assert.Single(alone.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_said_not_to_be()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        foreach (var request in new FindRequest[] { new() { Text = "honey" }, new() { Text = "honey", Mode = FindMode.Text }, new() { Text = "honey", Mode = FindMode.Vector }, new() { Filter = "size > 1" } })
        {
            var found = await search.FindAsync(request with { Prefix = "nobody/" });
            Assert.Empty(found.Entries);
            Assert.Equal("there is no entry under 'nobody/'", Assert.Single(found.Notes));
        }

        Assert.Empty((await search.FindAsync(new FindRequest { Text = "wasp", Prefix = "a" })).Notes);
        await Refused.By(() => search.FindAsync(new FindRequest { Text = "honey", Prefix = "a//b" }), MemoryFault.InvalidRequest);
    }

    [Fact]
    public async Task What_one_search_has_filled_the_next_one_of_the_process_takes_over_if_the_memory_is_the_same()
    {
        await using var hive = new Hive();
        await hive.Memory.StoreManyAsync([.. Enumerable.Range(0, 2_500).Select(static i => new StoreRequest($"w/{i:0000}", Encoding.UTF8.GetBytes($"honey unique{i}")))]);
        var kept = new KeptTexts();
        Assert.StartsWith("FTS5", await Plan(hive, kept, "unique7"), StringComparison.Ordinal);
        Assert.StartsWith("FTS5", await Plan(hive, kept, "unique7", settle: true), StringComparison.Ordinal);
        await hive.Reopen();
        await hive.Put("w/new", "afresh");
        await hive.Memory.DeleteAsync("w/0007");
        Assert.StartsWith("index in memory", await Plan(hive, kept, "unique8"), StringComparison.Ordinal);
        await using (var search = Open(hive, kept))
        {
            Assert.Equal("w/new", Assert.Single((await search.FindAsync(Words("afresh"))).Entries).Entry.Path);
            Assert.Empty((await search.FindAsync(Words("unique7"))).Entries);
        }

        await using var other = new Hive();
        for (var i = 0; i < 2_502; i++) await other.Put("w/x", $"honey unique{i}"); // At the same revision.
        Assert.StartsWith("FTS5", await Plan(other, kept, "unique2501", hive.IndexFolder), StringComparison.Ordinal);
    }

    private static MemorySearch Open(Hive hive, KeptTexts kept, string? folder = null) => MemorySearch.Open(hive.Memory, folder ?? hive.IndexFolder, hive.Time, kept: kept);

    private static FindRequest Words(string text) => new() { Text = text, Mode = FindMode.Text };

    private static async Task<string> Plan(Hive hive, KeptTexts kept, string word, string? folder = null, bool settle = false)
    {
        await using var search = Open(hive, kept, folder);
        var how = await search.ExplainAsync(Words(word));
        if (settle) await search.Warming;
        Assert.Single(how.Result.Entries);
        return how.Lists[0].Plan;
    }
}
