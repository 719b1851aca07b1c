namespace Skep.Models.Tests;

public class TokenCountTests
{
    [Fact]
    public void A_price_counts_each_kind_of_token_at_its_own_rate()
    {
        var price = new ModelPrice(3, 15, 0.3m, 3.75m);
        Assert.Equal(0.003m + 0.015m + 0.0003m + 0.00375m, price.Of(new TokenCount(1000, 1000, 1000, 1000)));
        Assert.Equal(0.012m, new ModelPrice(3, 3).Of(new TokenCount(1000, 1000, 1000, 1000)));
    }

    [Fact]
    public void What_a_cache_saved_is_the_price_without_it_less_the_price_paid()
    {
        var price = new ModelPrice(3, 15, 0.3m, 3.75m);
        Assert.Equal(0.0027m, price.SavedBy(new TokenCount(0, 500, 1000)));
        Assert.Equal(-0.00075m, price.SavedBy(new TokenCount(7, 0, 0, 1000)));
        Assert.Equal(0, price.SavedBy(new TokenCount(7, 8)));
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MaxValue, 0)]
    [InlineData(-5, -5, -5)]
    public void Numbers_that_no_call_can_have_taken_do_not_turn_a_sum_around(long input, long output, long cached)
    {
        var count = TokenCount.FromUsage(new Microsoft.Extensions.AI.UsageDetails { InputTokenCount = input, OutputTokenCount = output, CachedInputTokenCount = cached });
        var sum = count + count;
        Assert.InRange(sum.Total, 0, 8_000_000_000);
    }
}
