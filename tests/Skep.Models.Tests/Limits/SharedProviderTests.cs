using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

/// <summary>Fifty agents share a provider that allows ten requests a minute.</summary>
public class SharedProviderTests
{
    private static readonly GateLimits Known = new(RequestsPerMinute: 10);
    private static readonly GateLimits Unknown = new();

    public static TheoryData<string, int> Servers()
    {
        var all = new TheoryData<string, int>();
        foreach (var style in (string[])["sliding", "bucket", "fixed"])
        {
            for (var seed = 1; seed <= 5; seed++) all.Add(style, seed);
        }

        return all;
    }

    [Theory, MemberData(nameof(Servers))]
    public void With_the_limit_known_nothing_is_refused_shares_are_equal_and_the_rate_is_used(string style, int seed)
    {
        var server = RateServer.Of(style, 10, seed);
        var swarm = new SwarmSimulation(Known, server, seed);
        swarm.Join(50, 6);
        swarm.Run(TimeSpan.FromHours(2));

        Assert.True(swarm.AllFinished);
        Assert.Equal(0, swarm.Refusals);
        Assert.All(swarm.Shares, share => Assert.Equal(6, share));
        Assert.InRange(swarm.LargestSpread, 0, 2);
        Assert.InRange(swarm.Served / server.Allows(swarm.LastServed), 0.95, 1);
    }

    [Theory, MemberData(nameof(Servers))]
    public void With_the_limit_unknown_no_request_is_refused_twice_in_a_row_and_shares_are_equal(string style, int seed)
    {
        var server = RateServer.Of(style, 10, seed);
        var swarm = new SwarmSimulation(Unknown, server, seed);
        swarm.Join(50, 6);
        swarm.Run(TimeSpan.FromHours(3));

        Assert.True(swarm.AllFinished);
        Assert.True(swarm.Refusals >= 40, $"the first fifty come at once, so forty are refused, not {swarm.Refusals}");
        Assert.Equal(0, swarm.RefusedTwiceInARow);
        Assert.All(swarm.Shares, share => Assert.Equal(6, share));
        Assert.InRange(swarm.LargestSpread, 0, 2);
    }

    [Theory, MemberData(nameof(Servers))]
    public void In_the_long_run_shares_stay_within_a_tenth_and_a_learned_rate_comes_near_the_real_one(string style, int seed)
    {
        var server = RateServer.Of(style, 10, seed);
        var swarm = new SwarmSimulation(Unknown, server, seed);
        swarm.Join(50, int.MaxValue);
        swarm.Run(TimeSpan.FromHours(6));

        var mean = swarm.Served / 50.0;
        Assert.Equal(0, swarm.RefusedTwiceInARow);
        Assert.All(swarm.Shares, share => Assert.InRange(share, 0.9 * mean, 1.1 * mean));
        Assert.InRange(swarm.Served / server.Allows(swarm.Now), 0.85, 1);
        Assert.InRange(swarm.Refusals, 40, 60);
    }

    [Theory, MemberData(nameof(Servers))]
    public void Agents_that_come_late_neither_wait_for_ever_nor_take_what_is_others(string style, int seed)
    {
        var swarm = new SwarmSimulation(Known, RateServer.Of(style, 10, seed), seed);
        swarm.Join(10, int.MaxValue);
        swarm.Run(TimeSpan.FromMinutes(30));
        var before = swarm.Shares.ToList();
        swarm.Join(10, int.MaxValue);
        swarm.Run(TimeSpan.FromMinutes(90));

        var since = swarm.Shares.Select((share, i) => share - (i < 10 ? before[i] : 0)).ToList();
        Assert.InRange(since.Max() - since.Min(), 0, 3);
        Assert.Equal(0, swarm.Refusals);
    }

    [Theory]
    [InlineData("sliding")]
    [InlineData("bucket")]
    [InlineData("fixed")]
    public void Without_retry_after_the_provider_is_left_alone_longer_and_longer_until_it_answers(string style)
    {
        var swarm = new SwarmSimulation(Unknown, RateServer.Of(style, 10, 3), 3) { TellsRetryAfter = false };
        swarm.Join(50, 6);
        swarm.Run(TimeSpan.FromHours(3));

        Assert.True(swarm.AllFinished);
        Assert.InRange(swarm.Refusals, 40, 60);
        // Nobody knows when to come back: while only refused calls wait, a probe is one of them. There are at most as many probes as doublings in a minute.
        Assert.InRange(swarm.RefusedTwiceInARow, 0, 5);
    }

    [Theory, MemberData(nameof(Servers))]
    public void A_provider_that_allows_less_than_is_configured_is_followed_and_forgiven(string style, int seed)
    {
        var server = RateServer.Of(style, 5, seed);
        var swarm = new SwarmSimulation(Known, server, seed);
        swarm.Join(20, int.MaxValue);
        swarm.Run(TimeSpan.FromHours(1));
        Assert.InRange(swarm.Gate.Status.PacedAt ?? 10, 2, 7);
        Assert.Equal(0, swarm.RefusedTwiceInARow);

        server.PerMinute = 10;
        swarm.Run(TimeSpan.FromHours(5));
        Assert.Null(swarm.Gate.Status.PacedAt);
    }
}
