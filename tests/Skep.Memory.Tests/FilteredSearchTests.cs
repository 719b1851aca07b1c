using System.Globalization;
using System.Text;

namespace Skep.Memory.Tests;

/// <summary>Searches with a filter, answered by the index in memory, beside the same without the filter and sifted by hand.</summary>
public sealed class FilteredSearchTests
{
    private const int Entries = 2_600;
    private static readonly string[] Words = ["honey", "comb", "queen", "drone", "pollen", "nectar", "swarm", "hive", "smoke", "frame"];
    private static readonly string[] Prefixes = ["", "w", "w/", "w/3", "w/1*", "w/1/", "new", "new/2", "none"];

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "w/3")]
    [InlineData(3, "w/1*")]
    public async Task What_passes_a_filter_is_found_as_without_it_and_what_does_not_is_named_best_first(int seed, string prefix)
    {
        await using var hive = new Hive();
        var weights = await Filled(hive, seed);
        await using var search = await Warm(hive);
        var random = new Random(seed);
        foreach (var below in new[] { 0, 1, 10, 100, 500, 1_000 }.SelectMany(static b => Enumerable.Repeat(b, 4)))
        {
            // As many as there are: the list without the filter is whole.
            var request = new FindRequest { Text = Text(random, 3), Prefix = prefix, Mode = FindMode.Text, K = 1_000 };
            var all = (await search.ExplainAsync(request)).Lists[0];
            var some = (await search.ExplainAsync(request with { Filter = $"weight < {below}", K = 20 })).Lists[0];
            Assert.StartsWith("index in memory", some.Plan, StringComparison.Ordinal);
            var passing = all.Candidates.Where(c => weights[c.Path] < below).Take(80).ToList();
            Assert.Equal(passing, some.Candidates);
            var better = passing.Count < 80 ? all.Candidates : all.Candidates.TakeWhile(c => c != passing[^1]);
            Assert.Equal(better.Where(c => weights[c.Path] >= below).Select(static c => c.Path).Take(FindList.MaxRemoved), some.Removed);
        }
    }

    [Fact]
    public async Task What_has_expired_or_was_replaced_is_neither_found_nor_named()
    {
        await using var hive = new Hive();
        await Filled(hive, 4);
        await using var search = await Warm(hive);
        await Put(hive, "w/1/brief", 5, "propolis", ttlMs: 1_000);
        await Put(hive, "w/1/long", 5, "propolis");
        await Put(hive, "w/2/out", 700, "propolis");
        await Put(hive, "w/2/out-brief", 700, "propolis", ttlMs: 1_000);
        var request = new FindRequest { Text = "propolis", Filter = "weight < 10", Mode = FindMode.Text };
        Assert.Equal("w/1/brief w/1/long, not w/2/out w/2/out-brief", await Found(search, request));
        hive.Pass(1_000);
        Assert.Equal("w/1/long, not w/2/out", await Found(search, request));
        await Put(hive, "w/1/long", 800, "propolis");
        await Put(hive, "w/2/out", 1, "propolis");
        Assert.Equal("w/2/out, not w/1/long", await Found(search, request));
        Assert.Empty((await search.FindAsync(request with { Filter = "weight < 0" })).Entries);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_filter_alone_gives_what_looking_at_each_entry_gives_while_entries_change(int seed)
    {
        await using var hive = new Hive();
        var paths = (await Filled(hive, seed)).Keys.Order(StringComparer.Ordinal).ToList();
        await using var warm = await Warm(hive);
        await using var store = hive.OpenReader();
        await using var reader = MemoryStore.OpenReader(store, hive.Time);
        await using var each = MemorySearch.OpenReader(reader); // It has no index in memory.
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            hive.Pass(random.Next(3)); // Some are written within the same millisecond.
            for (var change = random.Next(4); change > 0; change--) await ChangeAsync(hive, random, paths);
            var request = new FindRequest { Filter = AnyFilter(random), Prefix = Prefixes[random.Next(Prefixes.Length)], K = 1 + random.Next(300) };
            var (fast, _, lists, _) = await warm.ExplainAsync(request);
            var (slow, _, expected, _) = await each.ExplainAsync(request);
            Assert.StartsWith("index in memory", lists[0].Plan, StringComparison.Ordinal);
            Assert.EndsWith("entries looked at", expected[0].Plan, StringComparison.Ordinal);
            Assert.Equal(expected[0].Candidates, lists[0].Candidates);
            Assert.Equal(slow.Entries.Select(static e => (e.Entry.Path, e.Entry.Version, e.Score)), fast.Entries.Select(static e => (e.Entry.Path, e.Entry.Version, e.Score)));
            Assert.Equal(slow.Notes, fast.Notes);
        }
    }

    private static async Task ChangeAsync(Hive hive, Random random, List<string> paths)
    {
        var path = random.Next(3) == 0 ? $"new/{random.Next(5)}" : paths[random.Next(paths.Count)];
        if (random.Next(4) == 0) await hive.Memory.DeleteAsync(path);
        else await Put(hive, path, random.Next(1_000), Text(random, 3), random.Next(3) == 0 ? random.Next(1, 20) : null);
    }

    private static string AnyFilter(Random random) => random.Next(8) switch
    {
        0 => "weight < 0",
        1 => $"weight = {random.Next(1_000)}",
        2 => $"weight < {random.Next(100)}",
        3 => $"weight >= {random.Next(1_000)} and size > {random.Next(30, 100)}",
        4 => $"not (namespace = 'w/{random.Next(17)}') and text starts '{Words[random.Next(Words.Length)]}'",
        5 => "size > 0",
        6 => $"revision > {random.Next(3_000)}",
        _ => $"key starts '{random.Next(3)}' or weight in ({random.Next(1_000)}, {random.Next(1_000)})",
    };

    private static async Task<string> Found(MemorySearch search, FindRequest request)
    {
        var (result, _, lists, _) = await search.ExplainAsync(request);
        Assert.Equal(result.Entries.Select(static e => e.Entry.Path), (await search.FindAsync(request)).Entries.Select(static e => e.Entry.Path));
        return $"{string.Join(' ', result.Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal))}, not {string.Join(' ', lists[0].Removed.Order(StringComparer.Ordinal))}";
    }

    /// <summary>A search whose index in memory is filled.</summary>
    private static async Task<MemorySearch> Warm(Hive hive)
    {
        var search = hive.Search();
        for (var i = 0; i < 2; i++) await search.FindAsync(new FindRequest { Text = "honey", Mode = FindMode.Text });
        await search.Warming;
        Assert.True(search.WarmRows >= Entries);
        return search;
    }

    /// <summary>Entries with words and a weight of 0 to 999, some of them replaced.</summary>
    private static async Task<Dictionary<string, int>> Filled(Hive hive, int seed)
    {
        var (random, weights) = (new Random(seed), new Dictionary<string, int>(StringComparer.Ordinal));
        var requests = Enumerable.Range(0, Entries + 300).Select(i => Entry($"w/{i % 17}/{i % Entries:0000}", weights[$"w/{i % 17}/{i % Entries:0000}"] = random.Next(1_000), Text(random, random.Next(2, 30)))).ToList();
        foreach (var chunk in requests.Chunk(500)) await hive.Memory.StoreManyAsync(chunk);
        return weights;
    }

    private static Task<WriteResult> Put(Hive hive, string path, int weight, string text, double? ttlMs = null) =>
        hive.Memory.StoreAsync(Entry(path, weight, text) with { Ttl = ttlMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null });

    private static StoreRequest Entry(string path, int weight, string text) =>
        new(path, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{ "text": "{{text}}", "weight": {{weight}} }"""))) { ContentType = MemoryContentType.Json };

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(1, 1 + random.Next(1, Words.Length))]));
}
