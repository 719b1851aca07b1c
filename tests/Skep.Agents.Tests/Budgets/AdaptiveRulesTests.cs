using Skep.Agents.Budgets;

namespace Skep.Agents.Tests.Budgets;

public class AdaptiveRulesTests
{
    private static readonly AdaptiveRule Slow = new("slow", AdaptiveMetric.LatencyP50, 20, 10, new AdaptiveStep.ChangeModel("acme/small"));
    private static readonly AdaptiveRule Failing = new("failing", AdaptiveMetric.ErrorRate, 0.5, 0.1, new AdaptiveStep.Pause()) { Sustained = TimeSpan.Zero };

    private readonly List<(double Minute, AdaptiveProposal Proposal)> _proposals = [];
    private AdaptiveState _state = AdaptiveState.Empty;

    private static AdaptiveOptions On(params AdaptiveRule[] rules) => new() { Enabled = true, Rules = rules };

    private void See(AdaptiveOptions options, double minute, double latency = 1, double errors = 0, int calls = 10)
    {
        (_state, var proposal) = AdaptiveRules.Step(options, _state, new(calls, latency, 100, errors), DateTimeOffset.UnixEpoch.AddMinutes(minute));
        if (proposal is not null) _proposals.Add((minute, proposal));
    }

    [Fact]
    public void It_is_off_unless_turned_on()
    {
        for (var i = 0; i < 10; i++) See(new() { Rules = [Slow] }, i, latency: 100);
        Assert.Empty(_proposals);
        Assert.Same(AdaptiveState.Empty, _state);
    }

    [Fact]
    public void A_metric_that_stays_high_is_acted_on_with_a_reason()
    {
        See(On(Slow), 0, latency: 25);
        See(On(Slow), 0.9, latency: 30);
        Assert.Empty(_proposals);
        See(On(Slow), 1.5, latency: 31.26);
        var (_, proposal) = Assert.Single(_proposals);
        Assert.Equal(new AdaptiveStep.ChangeModel("acme/small"), proposal.Do);
        Assert.Equal("the median call took 31.3 s over 10 calls, above 20.0 s for 90 s (rule 'slow'): the next call goes to acme/small.", proposal.Reason);
    }

    [Fact]
    public void A_peak_is_not_acted_on()
    {
        for (var i = 0; i < 20; i++) See(On(Slow), i * 0.5, latency: i % 2 == 0 ? 100 : 15);
        Assert.Empty(_proposals);
    }

    [Fact]
    public void Around_the_mark_it_acts_once_until_the_metric_was_low()
    {
        for (var i = 0; i < 200; i++) See(On(Slow), i, latency: i % 10 < 5 ? 21 : 19);
        Assert.Single(_proposals);
        See(On(Slow), 200, latency: 9);
        See(On(Slow), 201, latency: 21);
        See(On(Slow), 202, latency: 21);
        Assert.Equal([1, 202], _proposals.Select(p => p.Minute));
    }

    [Fact]
    public void Between_two_actions_lies_the_cooldown_of_the_rule_and_the_quiet_of_all()
    {
        for (var i = 0; i < 40; i++) See(On(Failing), i, errors: i % 2 == 0 ? 0.8 : 0);
        Assert.Equal([0, 10, 20, 30], _proposals.Select(p => p.Minute));

        _proposals.Clear();
        _state = AdaptiveState.Empty;
        for (var i = 0; i < 10; i++) See(On(Failing, Slow), i, latency: 50, errors: 0.9);
        Assert.Equal([(0, "failing"), (5, "slow")], _proposals.Select(p => (p.Minute, p.Proposal.Rule)));
    }

    [Fact]
    public void Few_calls_say_nothing()
    {
        for (var i = 0; i < 10; i++) See(On(Failing), i, errors: 1, calls: 4);
        Assert.Empty(_proposals);
    }

    [Fact]
    public void A_query_is_acted_on_a_limited_number_of_times()
    {
        for (var i = 0; i < 400; i++) See(On(Failing), i, errors: i % 2 == 0 ? 0.8 : 0);
        Assert.Equal(10, _proposals.Count);
    }

    [Fact]
    public void Every_action_can_be_put_in_words()
    {
        var steps = new AdaptiveStep[] { new AdaptiveStep.ReduceMaxOutput(0.5), new AdaptiveStep.SlowDown(TimeSpan.FromSeconds(2.5)), new AdaptiveStep.Pause() };
        foreach (var step in steps)
        {
            _state = AdaptiveState.Empty;
            See(On(new AdaptiveRule("r", AdaptiveMetric.TokensPerTurn, 50, 40, step) { Sustained = TimeSpan.Zero }), 0);
        }

        Assert.Equal(
            [
                "a call took 100 tokens on average over 10 calls, above 50 tokens for 0 s (rule 'r'): answers may be 50 % as long as now, not below 256 tokens.",
                "a call took 100 tokens on average over 10 calls, above 50 tokens for 0 s (rule 'r'): each call waits 2.5 s.",
                "a call took 100 tokens on average over 10 calls, above 50 tokens for 0 s (rule 'r'): the query pauses.",
            ],
            _proposals.Select(p => p.Proposal.Reason));
    }

    [Fact]
    public void Metrics_are_of_the_calls_in_the_window()
    {
        var window = new MetricWindow(TimeSpan.FromMinutes(1), most: 4);
        Assert.Equal(new QueryMetrics(0, null, null, null), window.Measure(DateTimeOffset.UnixEpoch));
        for (var i = 0; i < 6; i++) window.Add(new(DateTimeOffset.UnixEpoch.AddSeconds(i * 20), TimeSpan.FromSeconds(i), i * 100, Failed: i == 4));
        Assert.Equal(new QueryMetrics(4, 3, (200 + 300 + 500) / 3.0, 0.25), window.Measure(DateTimeOffset.UnixEpoch.AddSeconds(99)));
        Assert.Equal(new QueryMetrics(2, 5, 500, 0.5), window.Measure(DateTimeOffset.UnixEpoch.AddSeconds(120)));
        window.Clear();
        Assert.Equal(0, window.Measure(DateTimeOffset.UnixEpoch.AddSeconds(120)).Calls);
    }
}
