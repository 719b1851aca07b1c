using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

public class RateSchedulerTests
{
    private static TimeSpan Sec(double seconds) => TimeSpan.FromSeconds(seconds);

    private static RateScheduler Make(GateLimits limits, int maxWaiting = 100) => new(new GateOptions { Limits = limits, MaxWaiting = maxWaiting, Seed = 1 });

    private static RateTicket Ask(RateScheduler scheduler, string agent = "a", long tokens = 10)
    {
        var ticket = new RateTicket(agent, tokens);
        Assert.True(scheduler.Ask(ticket));
        return ticket;
    }

    [Fact]
    public void A_minute_and_the_delivery_pass_before_a_place_is_given_again()
    {
        var scheduler = Make(new(RequestsPerMinute: 2));
        var tickets = Enumerable.Range(0, 3).Select(_ => Ask(scheduler)).ToList();
        Assert.Same(tickets[0], scheduler.Next(Sec(5)));
        Assert.Same(tickets[1], scheduler.Next(Sec(6)));
        Assert.Null(scheduler.Next(Sec(7)));
        Assert.Equal(Sec(66), scheduler.NextStart(Sec(7)));
        Assert.Null(scheduler.Next(Sec(66) - TimeSpan.FromTicks(1)));
        Assert.Same(tickets[2], scheduler.Next(Sec(66)));
    }

    [Fact]
    public void Tokens_are_reserved_then_corrected_and_leave_a_minute_after_the_call()
    {
        var scheduler = Make(new(TokensPerMinute: 100));
        var first = Ask(scheduler, tokens: 60);
        var second = Ask(scheduler, tokens: 60);
        Assert.Same(first, scheduler.Next(Sec(0)));
        Assert.Equal(RateScheduler.Never, scheduler.NextStart(Sec(1)));
        scheduler.Done(first, 50, Sec(10));
        Assert.Equal(Sec(71), scheduler.NextStart(Sec(10)));
        Assert.Same(second, scheduler.Next(Sec(71)));
        var third = Ask(scheduler, tokens: 60);
        scheduler.Done(second, 40, Sec(80));
        Assert.Same(third, scheduler.Next(Sec(80)));
    }

    [Fact]
    public void A_call_that_is_larger_than_the_limit_goes_alone()
    {
        var scheduler = Make(new(TokensPerMinute: 100));
        var small = Ask(scheduler, tokens: 1);
        var large = Ask(scheduler, tokens: 1000);
        Assert.Same(small, scheduler.Next(Sec(0)));
        Assert.Null(scheduler.Next(Sec(0)));
        scheduler.Done(small, 1, Sec(2));
        Assert.Null(scheduler.Next(Sec(62)));
        Assert.Same(large, scheduler.Next(Sec(63)));
    }

    [Fact]
    public void A_small_call_does_not_pass_a_large_one_whose_turn_it_is()
    {
        var scheduler = Make(new(TokensPerMinute: 100));
        var first = Ask(scheduler, "a", 60);
        var large = Ask(scheduler, "b", 60);
        var small = Ask(scheduler, "c", 1);
        Assert.Same(first, scheduler.Next(Sec(0)));
        Assert.Null(scheduler.Next(Sec(1)));
        scheduler.Done(first, 0, Sec(2));
        Assert.Same(large, scheduler.Next(Sec(2)));
        Assert.Same(small, scheduler.Next(Sec(2)));
    }

    [Fact]
    public void No_more_are_in_flight_than_allowed()
    {
        var scheduler = Make(new(MaxInFlight: 1));
        var first = Ask(scheduler);
        var second = Ask(scheduler);
        Assert.Same(first, scheduler.Next(Sec(0)));
        Assert.Null(scheduler.Next(Sec(1)));
        Assert.Equal(RateScheduler.Never, scheduler.NextStart(Sec(1)));
        scheduler.Failed(first, Sec(2));
        Assert.Same(second, scheduler.Next(Sec(2)));
    }

    [Fact]
    public void After_a_refusal_nobody_goes_before_the_time_and_then_one_alone()
    {
        var scheduler = Make(new());
        var first = Ask(scheduler);
        Assert.Same(first, scheduler.Next(Sec(0)));
        scheduler.Refused(first, Sec(30), Sec(1));
        var probe = Ask(scheduler, "b");
        var other = Ask(scheduler, "c");
        Assert.Equal(Sec(31), scheduler.NextStart(Sec(1)));
        Assert.Null(scheduler.Next(Sec(30.9)));
        Assert.Same(probe, scheduler.Next(Sec(31)));
        Assert.Null(scheduler.Next(Sec(200)));
        scheduler.Answering(probe, Sec(201));
        Assert.Same(other, scheduler.Next(Sec(201)));
    }

    [Fact]
    public void A_refused_probe_holds_longer_even_if_the_provider_says_otherwise()
    {
        var scheduler = Make(new());
        var now = Sec(0);
        var holds = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            var ticket = Ask(scheduler);
            now = Sec(Math.Max(now.TotalSeconds, scheduler.NextStart(now).TotalSeconds));
            Assert.Same(ticket, scheduler.Next(now));
            scheduler.Refused(ticket, Sec(1), now);
            holds.Add((scheduler.HeldUntil - now).TotalSeconds);
        }

        Assert.Equal(1, holds[0]);
        for (var i = 1; i < 8; i++) Assert.InRange(holds[i], Math.Min(60, Math.Pow(2, i)), Math.Min(60, 1.5 * Math.Pow(2, i)));
        Assert.Equal(60, holds[7]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_probe_that_fails_or_is_given_up_is_followed_by_another(bool cancelledWhileWaiting)
    {
        var scheduler = Make(new());
        var first = Ask(scheduler);
        scheduler.Next(Sec(0));
        scheduler.Refused(first, Sec(5), Sec(0));
        var probe = Ask(scheduler);
        var next = Ask(scheduler);
        if (cancelledWhileWaiting)
        {
            Assert.True(scheduler.Cancel(probe));
            Assert.False(scheduler.Cancel(probe));
        }
        else
        {
            Assert.Same(probe, scheduler.Next(Sec(5)));
            scheduler.Failed(probe, Sec(6));
        }

        Assert.Same(next, scheduler.Next(Sec(6)));
    }

    [Fact]
    public void A_call_from_before_a_hold_does_not_end_it()
    {
        var scheduler = Make(new());
        var old = Ask(scheduler);
        var refused = Ask(scheduler);
        scheduler.Next(Sec(0));
        scheduler.Next(Sec(0));
        scheduler.Refused(refused, Sec(30), Sec(1));
        scheduler.Done(old, 10, Sec(2));
        Ask(scheduler);
        Assert.Null(scheduler.Next(Sec(3)));
        Assert.Equal(Sec(31), scheduler.NextStart(Sec(3)));
    }

    [Fact]
    public void A_wait_of_days_is_cut_to_the_longest_hold()
    {
        var scheduler = Make(new());
        var ticket = Ask(scheduler);
        scheduler.Next(Sec(0));
        scheduler.Refused(ticket, TimeSpan.MaxValue, Sec(0));
        Assert.Equal(TimeSpan.FromHours(1), scheduler.HeldUntil);
    }

    [Fact]
    public void The_waiting_list_is_bounded_and_a_cancelled_place_is_free_again()
    {
        var scheduler = Make(new(MaxInFlight: 1), maxWaiting: 2);
        Ask(scheduler);
        scheduler.Next(Sec(0));
        var waiting = Ask(scheduler);
        Ask(scheduler);
        Assert.False(scheduler.Ask(new RateTicket("a", 1)));
        Assert.True(scheduler.Cancel(waiting));
        Assert.True(scheduler.Ask(new RateTicket("a", 1)));
    }

    [Fact]
    public void Headers_set_a_limit_and_what_others_used_counts_until_it_is_reset()
    {
        var scheduler = Make(new(RequestsPerMinute: 50));
        scheduler.Learn(new RateHint(10, 2, Sec(20)), new RateHint(1000), Sec(0));
        Assert.Equal(10, scheduler.RequestLimit);
        Assert.Equal(1000, scheduler.TokenLimit);
        for (var i = 0; i < 10; i++) Ask(scheduler);
        Assert.NotNull(scheduler.Next(Sec(1)));
        Assert.NotNull(scheduler.Next(Sec(1)));
        Assert.Null(scheduler.Next(Sec(1)));
        Assert.Equal(Sec(20), scheduler.NextStart(Sec(1)));
        for (var i = 0; i < 8; i++) Assert.NotNull(scheduler.Next(Sec(20)));
    }

    [Fact]
    public void A_lower_configured_limit_is_kept_whatever_the_headers_say()
    {
        var scheduler = Make(new(RequestsPerMinute: 5, TokensPerMinute: 100));
        scheduler.Learn(new RateHint(4000, 3999, Sec(0)), new RateHint(80_000), Sec(0));
        Assert.Equal(5, scheduler.RequestLimit);
        Assert.Equal(100, scheduler.TokenLimit);
    }

    /// <summary>Anything in any order, thousands of times: what must always hold, holds, and everybody gets a turn in the end.</summary>
    [Fact]
    public void Whatever_happens_limits_hold_and_nobody_is_forgotten()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var story = new SchedulerStory(seed);
            story.Play(400);
            story.End();
        }
    }
}
