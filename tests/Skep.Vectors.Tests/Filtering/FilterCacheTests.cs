using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>When sets are kept, made anew, and let go.</summary>
public sealed class FilterCacheTests
{
    private static FieldColumns Hundred => FilterModelTests.Columns(Enumerable.Range(0, 100).Select(i => new FieldValues { ["n"] = i }), FieldSchema.Open);

    [Fact]
    public void The_same_filter_on_the_same_rows_gives_the_same_set_and_new_rows_a_new_one()
    {
        var (cache, columns) = (new FilterCache(), Hundred);
        var first = cache.Get(Filter.Parse("n<50"), columns.View);

        Assert.Same(first, cache.Get(Filter.Where("n").Below(50), columns.View));
        Assert.Equal((1, 1), (cache.Hits, cache.Misses));
        columns.Append(new FieldValues { ["n"] = 1 });
        Assert.Equal(51, cache.Get(Filter.Parse("n < 50"), columns.View).Count);
        Assert.Equal(2, cache.Misses);
        Assert.Equal(1, cache.Count);

        // As many rows, but others: after a compaction, for example.
        Assert.Equal(50, cache.Get(Filter.Parse("n < 50"), columns.View.Keep([.. Enumerable.Range(0, 100).Reverse(), 99]).View).Count);
        Assert.Equal(3, cache.Misses);
        cache.Clear();
        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void The_bounds_hold_and_sets_in_use_stay_longer()
    {
        var (cache, view) = (new FilterCache(maxBytes: 100_000, maxSets: 10), Hundred.View);
        var kept = Filter.Parse("n = 0");
        for (var i = 0; i < 100; i++)
        {
            cache.Get(kept, view);
            cache.Get(Filter.Where("n").Is(i + 1), view);
            Assert.InRange(cache.Count, 1, 10);
        }

        Assert.Equal(99, cache.Hits);
        var small = new FilterCache(maxBytes: 600);
        for (var i = 0; i < 20; i++)
        {
            small.Get(Filter.Where("n").Is(i), view);
            Assert.InRange(small.Bytes, 1, 600);
        }

        var none = new FilterCache(maxBytes: 10);
        Assert.Equal(1, none.Get(kept, view).Count);
        Assert.Equal(0, none.Count);
    }
}
