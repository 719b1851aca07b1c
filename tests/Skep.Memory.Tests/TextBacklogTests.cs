using System.Globalization;
using System.Text;
using Skep.Memory.Finding;
using Skep.Memory.Tables;

namespace Skep.Memory.Tests;

/// <summary>Words are put into the database's full text for some entries at once; a search must not notice.</summary>
public sealed class TextBacklogTests
{
    private static readonly string[] Words = ["honey", "comb", "nectar", "drone", "queen", "pollen"];

    [Fact]
    public async Task Words_wait_until_a_search_or_until_there_are_too_many()
    {
        await using var hive = new Hive();
        for (var i = 0; i < TextState.MaxBacklog; i++) await hive.Put($"a/{i}", "honey");
        Assert.Equal(0, Texts(hive));
        await hive.Put("a/more", "honey");
        Assert.Equal(TextState.MaxBacklog + 1, Texts(hive));
        await hive.Put("b/later", "nectar");
        Assert.Equal(TextState.MaxBacklog + 1, Texts(hive));
        await using var search = hive.Search();
        Assert.True(search.Stats().HasFullText);
        Assert.Equal("b/later", Assert.Single(await Found(search, "nectar")));
        Assert.Equal(TextState.MaxBacklog + 2, Texts(hive));
    }

    [Fact]
    public async Task A_long_text_and_many_at_once_do_not_wait()
    {
        await using var hive = new Hive();
        await hive.Put("a/short", "honey");
        await hive.Put("a/long", string.Join(' ', Enumerable.Repeat("nectar", 1_000)));
        Assert.Equal(2, Texts(hive));
        await hive.Put("a/long", "short now");
        Assert.Equal(2, Texts(hive));
        await hive.Memory.StoreManyAsync([.. Enumerable.Range(0, 100).Select(static i => new StoreRequest($"b/{i}", "comb"u8.ToArray()))]);
        Assert.Equal(102, Texts(hive));
        Assert.True(hive.Memory.Query(TextState.Load, default).IsComplete);
        await hive.Memory.DeletePrefixAsync("b");
        Assert.Equal(2, Texts(hive));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_stored_replaced_and_removed_a_search_finds_what_is_there(int seed)
    {
        await using var hive = new Hive();
        var (random, truth) = (new Random(seed), new Dictionary<string, string>(StringComparer.Ordinal));
        var search = hive.Search();
        for (var i = 0; i < 400; i++)
        {
            await Change(hive, random, truth);
            if (random.Next(60) == 0)
            {
                await search.DisposeAsync();
                await hive.Reopen();
                search = hive.Search();
            }

            if (random.Next(8) == 0) await Agrees(hive, search, Words[random.Next(Words.Length)], truth);
        }

        foreach (var word in Words) await Agrees(hive, search, word, truth);
        await search.DisposeAsync();
    }

    [Fact]
    public async Task Who_may_not_write_finds_what_the_full_text_lacks_and_not_what_has_left()
    {
        await using var hive = new Hive();
        await hive.Put("a/there", "honey comb");
        await hive.Put("a/gone", "honey comb");
        await using (var search = hive.Search()) Assert.Equal(2, (await Found(search, "honey")).Count);
        await hive.Put("a/new", "honey nectar");
        await hive.Put("a/there", "nectar");
        await hive.Memory.DeleteAsync("a/gone");
        await using var reader = hive.OpenReader();
        await using var memory = MemoryStore.OpenReader(reader, hive.Time);
        await using var cold = MemorySearch.OpenReader(memory);
        Assert.Equal(["a/new"], await Found(cold, "honey"));
        Assert.Equal(["a/new", "a/there"], await Found(cold, "nectar"));
        Assert.Equal(2, Texts(hive));
    }

    [Fact]
    public async Task An_entry_that_is_replaced_while_a_search_runs_is_found_by_what_it_was()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await new TextFiller(hive.Memory).FillAsync(anew: false, null, default);
        await hive.Put("a/x", "nectar");
        await hive.Put("a/y", "honey");
        var found = hive.Memory.Query(static sql => new TextQuery("honey", MemoryPrefix.All, null, 10).Run(sql, 1), FilterList.Empty);
        Assert.Equal(["a/x"], found.Candidates.Select(static c => c.Path));
    }

    [Fact]
    public async Task The_number_of_a_removed_entry_is_not_given_to_another_that_the_full_text_would_mistake_for_it()
    {
        await using var hive = new Hive();
        await hive.Put("a/x", "honey");
        await using var search = hive.Search();
        Assert.Equal(["a/x"], await Found(search, "honey"));
        await hive.Memory.DeleteAsync("a/x");
        await hive.Put("a/y", "nectar");
        Assert.Empty(await Found(search, "honey"));
        Assert.Equal(["a/y"], await Found(search, "nectar"));
        Assert.Equal(1, Texts(hive));
    }

    [Fact]
    public async Task A_text_with_an_odd_character_leaves_the_full_text_as_it_came()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await hive.Put("a/x", "honey \0 nectar");
        Assert.Equal(["a/x"], await Found(search, "honey"));
        await hive.Put("a/x", "comb");
        Assert.Equal(["a/x"], await Found(search, "comb"));
        Assert.Empty(await Found(search, "honey nectar"));
        await hive.Store.WriteAsync(static sql =>
        {
            sql.Sql("INSERT INTO memory_texts (memory_texts) VALUES ('integrity-check')").Run(); // Throws when it is not what it should be.
            return 0;
        });
    }

    private static async Task Change(Hive hive, Random random, Dictionary<string, string> truth)
    {
        var path = $"a/{random.Next(40)}";
        if (random.Next(4) == 0)
        {
            await hive.Memory.DeleteAsync(path);
            truth.Remove(path);
            return;
        }

        var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Words[random.Next(Words.Length)]));
        if (random.Next(20) == 0) text = string.Concat(Enumerable.Repeat(text + ' ', 400));
        await hive.Memory.StoreAsync(new StoreRequest(path, Encoding.UTF8.GetBytes(text)) { Tags = random.Next(2) == 0 ? [] : [random.Next(9).ToString(CultureInfo.InvariantCulture)] });
        truth[path] = text;
    }

    private static async Task Agrees(Hive hive, MemorySearch search, string word, Dictionary<string, string> truth)
    {
        var there = truth.Where(e => e.Value.Contains(word, StringComparison.Ordinal)).Select(static e => e.Key).Order(StringComparer.Ordinal).ToList();
        await using var reader = hive.OpenReader();
        await using var memory = MemoryStore.OpenReader(reader, hive.Time);
        await using var cold = MemorySearch.OpenReader(memory);
        Assert.Equal(there, await Found(cold, word));
        Assert.Equal(there, await Found(search, word));
        Assert.Equal(truth.Count, Texts(hive));
    }

    private static async Task<List<string>> Found(MemorySearch search, string word) =>
        [.. (await search.FindAsync(new FindRequest { Text = word, Mode = FindMode.Text, K = 100 })).Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal)];

    /// <summary>Texts that are in the database's full text.</summary>
    private static long Texts(Hive hive) => hive.Memory.Query(
        static sql =>
        {
            var row = sql.Sql("SELECT count(*) FROM memory_texts_docsize");
            return row.Step() ? row.Number(0) : -1;
        },
        -1);
}
