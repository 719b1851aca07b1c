using System.Text;
using Skep.Memory.Finding;

namespace Skep.Memory.Tests;

/// <summary>What is gone is not found, whichever way it went, and leaves no room taken in any index.</summary>
public sealed class SearchExpiryTests
{
    private static readonly FindRequest[] Ways =
    [
        new() { Text = "honey", Mode = FindMode.Text, K = 100 }, new() { Text = "honey", Mode = FindMode.Vector, K = 100 }, new() { Text = "honey", K = 100 },
        new() { Text = "honey", Mode = FindMode.Text, Filter = "size > 1", K = 100 }, new() { Text = "honey", Mode = FindMode.Vector, Filter = "size > 1", K = 100 }, new() { Filter = "size > 1", K = 100 },
    ];

    [Theory]
    [InlineData(3)]
    [InlineData(2_500)]
    public async Task What_has_expired_is_not_found_before_nor_after_it_was_swept(int others)
    {
        await using var hive = new Hive(new MemoryLimits { SweepPause = TimeSpan.FromDays(1) });
        await Fill(hive, others);
        await hive.Put("a/first", "honey", ttlMs: 1);
        hive.Pass(1);
        await hive.Memory.Sweeping; // From now on the sweeper pauses.
        for (var i = 0; i < 60; i++) await hive.Put($"a/short{i}", "honey honey", ttlMs: 1_000);
        await hive.Put("a/stays", "honey");
        await using var search = hive.Search();
        await Warm(search);
        Assert.Equal(61, (await search.FindAsync(Ways[0])).Entries.Count);
        await using var heard = hive.Memory.WatchAsync("a").GetAsyncEnumerator();
        var next = heard.MoveNextAsync();
        hive.Pass(1_000);
        Assert.Equal(60, hive.Memory.Stats().ExpiredUnswept);
        await OnlyStays(search);
        hive.Pass(TimeSpan.FromDays(1).TotalMilliseconds);
        await hive.Memory.Sweeping;
        Assert.Equal(0, hive.Memory.Stats().ExpiredUnswept);
        await OnlyStays(search);
        Assert.True(await next);
        Assert.Equal((MemoryChangeKind.Expired, "a/short0"), (heard.Current.Kind, heard.Current.Path));
        Assert.Equal(others + 1, await Indexed(hive, search));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2_500)]
    public async Task What_was_deleted_by_prefix_or_restored_over_is_not_found(int others)
    {
        await using var hive = new Hive();
        await Fill(hive, others);
        await hive.Put("a/stays", "honey");
        using var kept = new MemoryStream();
        hive.Memory.Export("", kept);
        for (var i = 0; i < 60; i++) await hive.Put($"a/gone/{i}", "honey honey");
        await using var search = hive.Search();
        await Warm(search);
        Assert.Equal(61, (await search.FindAsync(Ways[0])).Entries.Count);
        Assert.Equal(60, await hive.Memory.DeletePrefixAsync("a/gone"));
        await OnlyStays(search);
        await hive.Put("a/stays", "something else");
        Assert.Empty((await search.FindAsync(Ways[0])).Entries);
        kept.Position = 0;
        await hive.Memory.RestoreAsync(kept, RestoreMode.Overwrite);
        await OnlyStays(search);
        Assert.Empty((await search.FindAsync(new FindRequest { Text = "something", Mode = FindMode.Text })).Entries);
        Assert.Equal(others + 1, await Indexed(hive, search));
    }

    [Fact]
    public async Task The_index_of_words_gives_the_room_of_dead_rows_back_and_answers_meanwhile()
    {
        await using var hive = new Hive();
        await Fill(hive, 2_500);
        await using var search = hive.Search();
        await Warm(search);
        for (var round = 0; round < 3; round++)
        {
            await hive.Memory.StoreManyAsync([.. Enumerable.Range(0, 2_500).Select(i => Request(i, $"pollen round{round}"))]);
            var found = await search.ExplainAsync(new FindRequest { Text = $"round{round}", Mode = FindMode.Text, K = 5 });
            Assert.Equal(5, found.Result.Entries.Count);
            Assert.StartsWith("index in memory", found.Lists[0].Plan, StringComparison.Ordinal);
            await search.Warming;
        }

        Assert.InRange(search.WarmRows, 2_500, 5_001);
    }

    private static async Task OnlyStays(MemorySearch search)
    {
        foreach (var way in Ways) Assert.Equal("a/stays", Assert.Single((await search.FindAsync(way with { Prefix = "a" })).Entries).Entry.Path);
        Assert.Equal("a/stays", Assert.Single((await search.FindAsync(Ways[0])).Entries).Entry.Path);
    }

    /// <summary>Entries in the full text of the database, which must be as many as in the index of vectors.</summary>
    private static async Task<long> Indexed(Hive hive, MemorySearch search)
    {
        await new TextFiller(hive.Memory).FillAsync(anew: false, null, default); // As a search would that needs it: where words are found in memory none did.
        var texts = hive.Store.Read(
            MemoryStore.Module,
            static sql =>
            {
                var row = sql.Sql("SELECT count(*) FROM memory_texts_docsize");
                return row.Step() ? row.Number(0) : -1;
            },
            -1);
        Assert.Equal(Assert.Single(search.Stats().Indexes).Vectors, texts);
        return texts;
    }

    private static async Task Fill(Hive hive, int entries) => await hive.Memory.StoreManyAsync([.. Enumerable.Range(0, entries).Select(static i => Request(i, "nectar"))]);

    private static StoreRequest Request(int i, string text) => new($"other/{i:0000}", Encoding.UTF8.GetBytes($"{text} {i}"));

    /// <summary>So that words are found in memory, where it is worth it.</summary>
    private static async Task Warm(MemorySearch search)
    {
        for (var i = 0; i < 2; i++) await search.FindAsync(new FindRequest { Text = "nectar", Mode = FindMode.Text });
        await search.Warming;
    }
}
