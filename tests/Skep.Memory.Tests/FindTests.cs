using System.Text;
using Skep.Embeddings;

namespace Skep.Memory.Tests;

public sealed class FindTests
{
    [Fact]
    public async Task Words_find_the_entries_that_have_them_best_first()
    {
        await using var hive = new Hive();
        await hive.Put("notes/upload", "uploads that fail are retried three times");
        await hive.Put("notes/bees", "bees fly out when the sun shines");
        await hive.Put("notes/retry", "a failed upload is retried; uploads fail often when the upload is large");
        await using var search = hive.Search();
        foreach (var mode in new[] { FindMode.Text, FindMode.Vector, FindMode.Hybrid, FindMode.Auto })
        {
            var found = await search.FindAsync(new FindRequest { Text = "failed upload", Mode = mode, K = 2 });
            Assert.Equal(["notes/retry", "notes/upload"], found.Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
            Assert.Empty(found.Notes);
        }

        var words = await search.FindAsync(new FindRequest { Text = "sun", Mode = FindMode.Text, WithValues = true });
        Assert.Equal("bees fly out when the sun shines", Assert.Single(words.Entries).Entry.Text);
        Assert.Equal((1, (int?)null), (words.Entries[0].TextRank, words.Entries[0].VectorRank));
    }

    [Fact]
    public async Task A_search_sees_every_write_that_was_there_before_it()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        for (var round = 0; round < 5; round++)
        {
            await hive.Put("a/changing", $"marker{round} honey");
            await hive.Put($"a/extra-{round}", "honey in the comb");
            if (round > 1) await hive.Memory.DeleteAsync($"a/extra-{round - 1}");
            foreach (var mode in new[] { FindMode.Text, FindMode.Vector })
            {
                var found = await search.FindAsync(new FindRequest { Text = $"marker{round}", Mode = mode, K = 100 });
                Assert.Equal("a/changing", found.Entries[0].Entry.Path);
                var all = await search.FindAsync(new FindRequest { Text = "honey", Mode = mode, K = 100 });
                Assert.Equal(hive.Paths(), all.Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
            }

            var old = await search.FindAsync(new FindRequest { Text = $"marker{round - 1}", Mode = FindMode.Text });
            Assert.Empty(old.Entries);
        }
    }

    [Fact]
    public async Task Expired_and_deleted_entries_are_not_found()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await hive.Put("a/short", "honey", ttlMs: 50);
        await hive.Put("a/gone", "honey");
        await hive.Put("a/stays", "honey");
        Assert.Equal(3, (await search.FindAsync(new FindRequest { Text = "honey" })).Entries.Count);
        await hive.Memory.DeleteAsync("a/gone");
        hive.Pass(50);
        foreach (var mode in new[] { FindMode.Text, FindMode.Vector, FindMode.Hybrid })
            Assert.Equal("a/stays", Assert.Single((await search.FindAsync(new FindRequest { Text = "honey", Mode = mode })).Entries).Entry.Path);
        Assert.Equal("a/stays", Assert.Single((await search.FindAsync(new FindRequest { Filter = "namespace = 'a'" })).Entries).Entry.Path);
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("a", 3)]
    [InlineData("a/", 3)]
    [InlineData("a/b", 2)]
    [InlineData("a/b/c", 1)]
    [InlineData("a/b*", 2)]
    [InlineData("z", 0)]
    public async Task Only_entries_of_the_prefix_are_found(string prefix, int count)
    {
        await using var hive = new Hive();
        foreach (var path in new[] { "a/x", "a/b", "a/b/c", "ab/x" }) await hive.Put(path, "honey");
        await using var search = hive.Search();
        foreach (var mode in new[] { FindMode.Text, FindMode.Vector })
            Assert.Equal(hive.Paths(prefix), (await search.FindAsync(new FindRequest { Text = "honey", Prefix = prefix, Mode = mode })).Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
        Assert.Equal(count, hive.Paths(prefix).Count);
    }

    [Fact]
    public async Task Filters_ask_for_what_an_entry_is_and_for_members_of_its_JSON()
    {
        await using var hive = new Hive();
        await Json(hive, "t/1", """{"text":"honey","score":3,"done":true,"labels":["x","y"]}""", ["urgent"]);
        await Json(hive, "t/2", """{"text":"honey","score":7,"done":false}""", []);
        await Json(hive, "t/3", """{"text":"honey","score":"seven"}""", []);
        await hive.Put("t/4", "honey");
        await using var search = hive.Search();
        await Finds(search, "score > 2", "t/1", "t/2");
        await Finds(search, "score >= 7 or tags has 'urgent'", "t/1", "t/2");
        await Finds(search, "done", "t/1");
        await Finds(search, "labels has 'y'", "t/1");
        await Finds(search, "type = 'text/plain'", "t/4");
        await Finds(search, "agent = 'queen'", "t/1", "t/2", "t/3");
        await Finds(search, "not score exists", "t/3", "t/4");
        await Finds(search, "size < 10 and created > 1970-01-01 and key starts '4'", "t/4");
    }

    [Theory]
    [InlineData("colour = 'red'", "there is no field 'colour'")]
    [InlineData("sizze > 3", "did you mean 'size'?")]
    [InlineData("size = 'large'", "at column 8")]
    [InlineData("size >", "at column 7")]
    public async Task Filters_that_cannot_be_used_say_where(string filter, string message)
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        var e = await Refused.By(() => search.FindAsync(new FindRequest { Text = "honey", Filter = filter }), MemoryFault.InvalidRequest);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        await No(new FindRequest(), "say what to find");
        await No(new FindRequest { Text = " " }, "is empty");
        await No(new FindRequest { Text = new string('x', 1 << 20) }, "1048576 characters");
        await No(new FindRequest { Text = "?!", Mode = FindMode.Vector }, "no letter and no digit");
        await No(new FindRequest { Text = "x", K = 0 }, "1 to 1000");
        await No(new FindRequest { Text = "x", Lambda = 2 }, "from 0");
        await No(new FindRequest { Text = "x", HalfLife = TimeSpan.Zero }, "above zero");
        await No(new FindRequest { Text = "x", TextWeight = double.NaN }, "finite");
        await No(new FindRequest { Filter = "size > 1", Mode = FindMode.Hybrid }, "needs a text");
        await No(new FindRequest { Vector = new float[3] }, "3 numbers");
        await No(new FindRequest { Vector = Enumerable.Repeat(float.NaN, 384).ToArray() }, "NaN");
        await No(new FindRequest { Vector = new float[384] }, "no direction");
        await No(new FindRequest { Vector = new float[384], VectorModel = new EmbeddingModelId("clip", 384, true) }, "holds vectors of skep-hash-1");
        async Task No(FindRequest request, string message) =>
            Assert.Contains(message, (await Refused.By(() => search.FindAsync(request), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_megabyte_of_text_is_stored_and_found_by_its_beginning()
    {
        await using var hive = new Hive();
        await hive.Put("big/one", "nectar " + string.Concat(Enumerable.Repeat("pollen comb ", 80_000)));
        await hive.Put("big/two", "other");
        await using var search = hive.Search();
        Assert.Equal("big/one", (await search.FindAsync(new FindRequest { Text = "nectar" })).Entries[0].Entry.Path);
        await hive.Put("big/one", "small now");
        Assert.Empty((await search.FindAsync(new FindRequest { Text = "nectar", Mode = FindMode.Text })).Entries);
    }

    private static async Task Finds(MemorySearch search, string filter, params string[] paths)
    {
        foreach (var request in new[] { new FindRequest { Filter = filter }, new FindRequest { Filter = filter, Text = "honey", Mode = FindMode.Text }, new FindRequest { Filter = filter, Text = "honey", Mode = FindMode.Vector } })
            Assert.Equal(paths, (await search.FindAsync(request)).Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal));
    }

    private static Task<WriteResult> Json(Hive hive, string path, string json, string[] tags) => hive.Memory.StoreAsync(
        new StoreRequest(path, Encoding.UTF8.GetBytes(json)) { ContentType = MemoryContentType.Json, Tags = tags, Author = new MemoryAuthor("queen") });
}
