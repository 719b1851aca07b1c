using System.Net;
using FsCheck;

namespace Skep.Testing.Tests;

public sealed class RateTests
{
    private readonly FakeTime _time = new();

    private ScriptedModel Limited(string limits) => ScriptedModel.Parse($"limits: {{ {limits} }}\nrules: [{{answer: abcdefgh}}]", new ScriptedModelOptions { Time = _time });

    private static async Task<TimeSpan?> Ask1(HttpClient client, string text = "x", string? agent = null, string? key = null)
    {
        using var response = await client.SendAsync(Ask.OpenAi(Ask.User(text), agent: agent, key: key));
        if (response.StatusCode == HttpStatusCode.OK) return null;
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        return response.Headers.TryGetValues("retry-after-ms", out var ms) ? TimeSpan.FromMilliseconds(long.Parse(ms.Single())) : TimeSpan.MaxValue;
    }

    [Fact]
    public async Task The_window_slides_and_a_refusal_says_exactly_when_there_is_room()
    {
        using var client = Ask.Client(Limited("requests: 2"));
        Assert.Null(await Ask1(client));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(await Ask1(client));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(30), await Ask1(client));
        _time.Advance(TimeSpan.FromSeconds(29.999));
        Assert.Equal(TimeSpan.FromMilliseconds(1), await Ask1(client));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Ask1(client));
        Assert.Equal(TimeSpan.FromSeconds(20), await Ask1(client));
    }

    [Fact]
    public async Task Tokens_count_with_input_and_output_and_what_can_never_fit_is_told_no_time()
    {
        // "x" is 5 tokens in and 2 out.
        using var client = Ask.Client(Limited("tokens: 20"));
        Assert.Null(await Ask1(client));
        Assert.Null(await Ask1(client));
        Assert.Null(await Ask1(client));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(TimeSpan.FromSeconds(45), await Ask1(client));
        Assert.Equal(TimeSpan.MaxValue, await Ask1(client, new string('a', 100)));
        _time.Advance(TimeSpan.FromSeconds(45));
        Assert.Null(await Ask1(client));
    }

    [Fact]
    public async Task Limits_are_shared_by_key_or_by_agent_as_the_script_says()
    {
        using var byKey = Ask.Client(Limited("requests: 1, per: key"));
        Assert.Null(await Ask1(byKey, key: "a"));
        Assert.NotNull(await Ask1(byKey, key: "a"));
        Assert.Null(await Ask1(byKey, key: "b"));
        using var byAgent = Ask.Client(Limited("requests: 1, per: agent, window: 10s"));
        Assert.Null(await Ask1(byAgent, agent: "a"));
        Assert.Null(await Ask1(byAgent, agent: "b"));
        Assert.Equal(TimeSpan.FromSeconds(10), await Ask1(byAgent, agent: "b"));
    }

    [Fact]
    public async Task Statistics_show_who_was_refused_and_who_came_again_too_early()
    {
        var model = Limited("requests: 1");
        using var client = Ask.Client(model);
        await Ask1(client, "t1", "good", "key1");
        await Ask1(client, "t2", "bad", "key2");
        await Ask1(client, "t2", "bad", "key2");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Ask1(client, "t2", "bad", "key2");
        var rates = model.Rates;
        Assert.Equal((2, 2, 1, 1), (rates.Allowed, rates.Refused, rates.RefusedTwiceInARow, rates.CameTooEarly));
        Assert.Equal(new CallerStatistics(1, 0, 0), rates.Agents["good"]);
        Assert.Equal(new CallerStatistics(1, 2, 2), rates.Agents["bad"]);
        Assert.Equal(rates.Agents["bad"], rates.Keys["key2"]);
        Assert.Equal(2, model.Exchanges.All().Count(e => e.Outcome == ExchangeOutcome.RateLimited));
    }

    [Fact]
    public async Task Over_anthropic_the_time_is_in_whole_seconds()
    {
        using var client = Ask.Client(Limited("requests: 1"));
        await client.TextAsync(Ask.Anthropic(Ask.User("x")));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        using var response = await client.SendAsync(Ask.Anthropic(Ask.User("x")));
        Assert.Equal(TimeSpan.FromSeconds(60), response.Headers.RetryAfter!.Delta);
        Assert.False(response.Headers.Contains("retry-after-ms"));
    }

    [Fact]
    public async Task Answers_say_what_is_left_in_the_headers_of_their_wire()
    {
        using var client = Ask.Client(Limited("requests: 3, tokens: 100"));
        await Ask1(client);
        _time.Advance(TimeSpan.FromSeconds(10));
        using var openAi = await client.SendAsync(Ask.OpenAi(Ask.User("x")));
        string Of(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
        Assert.Equal(("3", "1", "60s"), (Of(openAi, "x-ratelimit-limit-requests"), Of(openAi, "x-ratelimit-remaining-requests"), Of(openAi, "x-ratelimit-reset-requests")));
        // Seven were used, and five of this request's input are counted before its answer.
        Assert.Equal(("100", "88"), (Of(openAi, "x-ratelimit-limit-tokens"), Of(openAi, "x-ratelimit-remaining-tokens")));
        using var anthropic = await client.SendAsync(Ask.Anthropic(Ask.User("x")));
        Assert.Equal(("0", "1970-01-01T00:01:10Z"), (Of(anthropic, "anthropic-ratelimit-requests-remaining"), Of(anthropic, "anthropic-ratelimit-requests-reset")));
        using var refused = await client.SendAsync(Ask.Anthropic(Ask.User("x")));
        Assert.Equal("0", Of(refused, "anthropic-ratelimit-requests-remaining"));
    }

    /// <summary>Whatever the order of arrivals: never more than allowed in any window, and who comes when it was told to is let in if nobody was faster.</summary>
    [Fact]
    public void A_limiter_never_lets_more_in_than_a_window_holds_and_its_times_are_right() => FsCheck.Fluent.Prop.ForAll<byte[]>(gaps =>
    {
        var limits = new ScriptLimits { Requests = 3, Tokens = 50, Window = TimeSpan.FromSeconds(100) };
        var limiter = new RateLimiter(limits);
        var now = DateTimeOffset.UnixEpoch;
        List<(DateTimeOffset At, int Tokens)> let = [];
        foreach (var gap in gaps)
        {
            now += TimeSpan.FromSeconds(gap / 4);
            var tokens = 1 + gap % 40;
            var verdict = limiter.Enter(now, tokens);
            if (!verdict.IsIn)
            {
                now += verdict.RetryAfter!.Value;
                Assert.True(limiter.Enter(now, tokens).IsIn);
            }

            let.Add((now, tokens));
            var window = let.Where(l => l.At + limits.Window > now).ToList();
            if (window.Count > 3 || window.Sum(w => w.Tokens) > 50) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();
}
