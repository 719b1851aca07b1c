namespace Skep.Memory.Tests.Caching;

/// <summary>Nodes with a cache each, a source, and a shared cache between them that delays, reorders and loses, all under one seeded clock.</summary>
public sealed class CacheSimulationTests
{
    private const int Seeds = 200;

    [Fact]
    public void No_node_ever_reads_less_than_it_has_read_or_written_and_others_are_stale_for_a_bounded_time_whatever_gets_lost()
    {
        var sum = new CacheWorld.Tally();
        for (var seed = 1; seed <= Seeds; seed++) sum.Add(new CacheWorld(seed, silentLosses: true).Run());
        Assert.True(sum.Reads > 100_000, $"{sum}");
        // The faults were there, and mattered.
        Assert.True(sum is { Stale: > 1_000, Refused: > 1_000, SharedHits: > 1_000, Joined: > 1_000, LocalHits: > 10_000, Outages: > Seeds }, $"{sum}");
    }

    [Fact]
    public void While_no_invalidation_is_lost_unnoticed_staleness_is_bounded_by_their_delay_and_by_the_bound_for_outages()
    {
        var sum = new CacheWorld.Tally();
        for (var seed = 1; seed <= Seeds; seed++) sum.Add(new CacheWorld(seed, silentLosses: false).Run());
        Assert.True(sum is { Stale: > 1_000, SharedHits: > 1_000, Outages: > Seeds }, $"{sum}");
    }
}
