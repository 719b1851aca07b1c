using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Searching;

namespace Skep.Memory.Tests;

public sealed class ListingTests
{
    [Fact]
    public async Task Pages_together_are_the_whole_in_ordinal_order()
    {
        await using var hive = new Hive();
        string[] paths = ["B/x", "a/x", "a/x-1", "a/x.y", "a/x/deep", "a/x0", "a/x:1", "b/1", "b/10", "b/2"];
        foreach (var path in paths) await hive.Put(path, path);
        var all = new List<string>();
        string? after = null;
        do
        {
            var page = hive.Memory.List(after: after, limit: 3);
            all.AddRange(page.Entries.Select(static e => e.Path));
            after = page.Next;
            Assert.Equal(10, page.Revision);
        }
        while (after is not null);
        Assert.Equal(paths.Order(StringComparer.Ordinal), all);
        Assert.Equal(["a/x", "a/x/deep"], hive.Paths("a/x"));
        Assert.Equal(["a/x/deep"], hive.Memory.List("a/x", after: "a/x").Entries.Select(static e => e.Path));
        Assert.Equal(["a/x", "a/x-1", "a/x.y", "a/x/deep", "a/x0", "a/x:1"], hive.Paths("a/x*"));
        Assert.Empty(hive.Paths("c"));
    }

    [Fact]
    public async Task Values_come_only_when_asked_for_and_bound_the_page()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 6; i++) await hive.Put($"big/{i}", new string('x', 1024 * 1024));
        Assert.All(hive.Memory.List().Entries, static e => Assert.Null(e.Value));
        var page = hive.Memory.List(withValues: true);
        Assert.Equal((5, "big/4"), (page.Entries.Count, page.Next));
        Assert.Equal("big/5", Assert.Single(hive.Memory.List(after: page.Next, withValues: true).Entries).Path);
    }

    [Fact]
    public async Task Search_finds_text_in_paths_and_values_whatever_its_case()
    {
        await using var hive = new Hive();
        await hive.Put("notes/Queen", "lays eggs");
        await hive.Put("notes/drone", "follows the QUEEN");
        await hive.Put("notes/umlaut", "GRÖSSE Öl");
        await hive.Memory.StoreAsync(new StoreRequest("notes/raw", Encoding.UTF8.GetBytes("queen")) { ContentType = MemoryContentType.Binary });
        Assert.Equal(["notes/Queen", "notes/drone"], Found(hive, new SearchRequest { Text = "queen" }));
        Assert.Equal(["notes/umlaut"], Found(hive, new SearchRequest { Text = "öl" }));
        Assert.Equal(["notes/drone"], Found(hive, new SearchRequest { Text = "queen", Glob = "d*" }));
        Assert.Equal(["notes/Queen"], Found(hive, new SearchRequest { Text = "queen", Limit = 1 }));
        Assert.Empty(Found(hive, new SearchRequest { Text = "queen", Prefix = "other" }));
        Assert.All(hive.Memory.Search(new SearchRequest { Text = "queen" }).Entries, static e => Assert.Null(e.Value));
    }

    [Fact]
    public async Task Searching_goes_on_where_a_page_ended()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 20; i++) await hive.Put($"n/{i:00}", i % 3 == 0 ? "hit" : "miss");
        var found = new List<string>();
        string? after = null;
        do
        {
            var page = hive.Memory.Search(new SearchRequest { Text = "HIT", Limit = 2, After = after });
            found.AddRange(page.Entries.Select(static e => e.Path));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["n/00", "n/03", "n/06", "n/09", "n/12", "n/15", "n/18"], found);
    }

    [Theory]
    [InlineData("sta*", "swarm/w/status", true)]
    [InlineData("STATUS", "swarm/w/status", true)]
    [InlineData("swarm/*/status", "swarm/w/status", true)]
    [InlineData("swarm/*", "swarm/w/status", false)]
    [InlineData("swarm/**", "swarm/w/status", true)]
    [InlineData("**/status", "swarm/w/status", true)]
    [InlineData("s?atus", "a/status", true)]
    [InlineData("?tatus", "a/tatus", false)]
    [InlineData("*", "a/b", true)]
    public void A_glob_matches_the_key_or_the_whole_path(string glob, string path, bool matches) => Assert.Equal(matches, new Glob(glob).Matches(path));

    [Fact]
    public void Globs_match_as_their_regular_expressions_do()
    {
        var pattern = Gen.Elements("a", "b", "/", "*", "**", "?").ListOf().Select(static parts => string.Concat(parts.Take(7)));
        var path = Gen.Elements("a", "b", "/").ListOf().Select(static parts => string.Concat(parts.Take(9)));
        var cases = pattern.SelectMany(p => path.Select(t => (Pattern: p, Path: t)));
        Prop.ForAll(cases.ToArbitrary(), static c => new Glob(c.Pattern).Matches(c.Path) == Reference(c.Pattern, c.Path))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_261, 1_977));
        Assert.True(Reference("a/**", "a/b/c"));
    }

    [Fact]
    public async Task Statistics_count_what_exists()
    {
        await using var hive = new Hive(new MemoryLimits { SweepPause = TimeSpan.FromHours(1) });
        await hive.Put("a/1", "12345");
        await hive.Put("a/2", "1", ttlMs: 10);
        await hive.Put("a/b/3", "1234567890", ttlMs: 500);
        await hive.Put("c", "x");
        await hive.Put("a/1", "12");
        await hive.Memory.DeleteAsync("c");
        var before = hive.Memory.Stats(1);
        Assert.Equal((3L, 5L + 4L + 15L, 2L, 0L, 2L, 6L), (before.Entries, before.Bytes, before.WithTtl, before.ExpiredUnswept, before.Namespaces, before.Changes));
        Assert.Equal(new NamespaceInfo("a/b", 1, 15), Assert.Single(before.Top));
        Assert.Equal([new("a", 2, 9), new("a/b", 1, 15)], hive.Memory.Namespaces().Namespaces);
        Assert.Equal("a", hive.Memory.Namespaces(limit: 1).Next);
        Assert.Equal("a/b", Assert.Single(hive.Memory.Namespaces(after: "a").Namespaces).Name);
        Assert.Equal("a/b", Assert.Single(hive.Memory.Namespaces("a/b").Namespaces).Name);
    }

    [Fact]
    public async Task Deleting_a_prefix_takes_all_beneath_and_nothing_beside()
    {
        await using var hive = new Hive(new MemoryLimits { SweepChunk = 3 });
        for (var i = 0; i < 10; i++) await hive.Put($"swarm/w-1/{i}", "x", ttlMs: i == 4 ? 1 : null);
        await hive.Put("swarm/w-1", "x");
        await hive.Put("swarm/w-10/a", "x");
        hive.Pass(1);
        await hive.Memory.Sweeping;
        Assert.Equal(10, await hive.Memory.DeletePrefixAsync("swarm/w-1"));
        Assert.Equal(["swarm/w-10/a"], hive.Paths());
        Assert.Equal(new NamespaceInfo("swarm/w-10", 1, 13), Assert.Single(hive.Memory.Namespaces().Namespaces));
    }

    private static bool Reference(string pattern, string path)
    {
        var text = pattern.Contains('/') || pattern.Contains("**") ? path : path[(path.LastIndexOf('/') + 1)..];
        var regex = Regex.Escape(pattern).Replace("\\*\\*", ".*").Replace("\\*", "[^/]*").Replace("\\?", "[^/]");
        return Regex.IsMatch(text, $"^{regex}$", RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static IEnumerable<string> Found(Hive hive, SearchRequest request) => hive.Memory.Search(request).Entries.Select(static e => e.Path);
}
