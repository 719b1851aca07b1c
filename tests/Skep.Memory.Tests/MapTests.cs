namespace Skep.Memory.Tests;

public sealed class MapTests
{
    [Fact]
    public async Task Entries_about_the_same_lie_nearer_to_each_other_than_to_others()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 20; i++)
        {
            await hive.Put($"n/bees/{i}", $"bees make honey in the comb number {i}");
            await hive.Put($"n/build/{i}", $"the compiler rejects project file number {i}");
        }

        await using var search = hive.Search();
        var map = await search.MapAsync("n");
        Assert.Equal((40L, 40, "skep-hash-1:384:unit"), (map.Total, map.Points.Count, map.Model));
        Assert.InRange(map.ShareX, map.ShareY, 1);
        var (bees, build) = (map.Points.Where(static p => p.Path.StartsWith("n/bees", StringComparison.Ordinal)).ToList(), map.Points.Where(static p => p.Path.StartsWith("n/build", StringComparison.Ordinal)).ToList());
        var apart = Math.Abs(bees.Average(static p => p.X) - build.Average(static p => p.X));
        Assert.True(apart > bees.Max(static p => p.X) - bees.Min(static p => p.X), "the first direction tells the two subjects apart");
    }

    [Fact]
    public async Task Of_many_entries_the_same_even_choice_is_shown_each_time()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 60; i++) await hive.Put($"a/{i}", $"honey comb {i}");
        await using var search = hive.Search();
        var (first, second) = (await search.MapAsync("a", most: 10), await search.MapAsync("a", most: 10));
        Assert.Equal((60L, 10), (first.Total, first.Points.Count));
        Assert.Equal(first.Points, second.Points);
        await hive.Memory.DeleteAsync(first.Points[0].Path);
        var third = await search.MapAsync("a", most: 10);
        Assert.Equal(first.Points.Skip(1).Select(static p => p.Path), third.Points.Select(static p => p.Path).Intersect(first.Points.Select(static p => p.Path)));
        Assert.Equal(10, third.Points.Count);
    }

    [Fact]
    public async Task What_has_expired_is_not_on_the_map()
    {
        await using var hive = new Hive();
        await hive.Put("a/stays", "honey comb");
        await hive.Put("a/goes", "honey bee", ttlMs: 1_000);
        await using var search = hive.Search();
        Assert.Equal(2, (await search.MapAsync("a")).Points.Count);
        hive.Pass(2_000);
        Assert.Equal("a/stays", Assert.Single((await search.MapAsync("a")).Points).Path);
    }

    [Fact]
    public async Task Vectors_of_several_models_are_not_mixed_and_the_note_says_what_is_missing()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 5; i++) await hive.Put($"a/{i}", $"honey comb {i}");
        await hive.Put("b/x", "honey bee");
        await using var search = hive.Search();
        await search.ReindexAsync("b", "hash:128");
        var map = await search.MapAsync();
        Assert.Equal(("skep-hash-1:384:unit", 5), (map.Model, map.Points.Count));
        Assert.Contains("skep-hash-1:128:unit has 1 more", Assert.Single(map.Notes), StringComparison.Ordinal);
        Assert.Equal("skep-hash-1:128:unit", (await search.MapAsync("b")).Model);
    }

    [Fact]
    public async Task A_map_of_nothing_and_one_without_the_folder_are_refused_with_the_reason()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        Assert.Contains("no entry has a vector yet", (await Refused.By(() => search.MapAsync(), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
        Assert.Contains("under 'a'", (await Refused.By(() => search.MapAsync("a"), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
        await Refused.By(() => search.MapAsync(most: 0), MemoryFault.InvalidRequest);
        await Refused.By(() => search.MapAsync(most: MemorySearch.MaxMapPoints + 1), MemoryFault.InvalidRequest);
        await using var reader = MemorySearch.OpenReader(hive.Memory);
        await Refused.By(() => reader.MapAsync(), MemoryFault.InvalidRequest);
    }
}
