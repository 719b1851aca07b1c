using Skep.Models.Faults;

namespace Skep.Models.Tests.Faults;

public class LimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("retry-after", "7", 7.0)]
    [InlineData("retry-after", "0.5", 0.5)]
    [InlineData("retry-after", "0", 0.0)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("retry-after", "Sun, 01 Mar 2026 12:00:30 GMT", 30.0)]
    [InlineData("retry-after", "Sun, 01 Mar 2026 11:00:00 GMT", 0.0)]
    [InlineData("retry-after", "999999999999999999999", 86_400.0)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("retry-after", "-5", null)]
    [InlineData("retry-after", "NaN", null)]
    [InlineData("other", "7", null)]
    public void How_long_to_wait(string name, string value, double? seconds) =>
        Assert.Equal(seconds, LimitHeaders.RetryAfter(Headers((name, value)), Now)?.TotalSeconds);

    [Theory]
    [InlineData("1s", 1.0)]
    [InlineData("6m0s", 360.0)]
    [InlineData("1h2m3s", 3723.0)]
    [InlineData("20ms", 0.02)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2m59.56s", 179.56)]
    [InlineData("12", 12.0)]
    [InlineData("99999d", 86_400.0)]
    [InlineData("s", null)]
    [InlineData("5x", null)]
    [InlineData("1..2s", null)]
    public void Spans_as_OpenAI_writes_them(string text, double? seconds) => Assert.Equal(seconds, LimitHeaders.Span(text)?.TotalSeconds);

    [Fact]
    public void Limits_of_OpenAI()
    {
        var limits = LimitHeaders.Limits(Headers(
            ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"), ("x-ratelimit-reset-requests", "120ms"),
            ("x-ratelimit-limit-tokens", "30000"), ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "1m0s")), Now);
        Assert.Equal(new()
        {
            RequestLimit = 500, RequestsLeft = 499, RequestsReset = TimeSpan.FromSeconds(0.12),
            TokenLimit = 30_000, TokensLeft = 0, TokensReset = TimeSpan.FromMinutes(1),
        }, limits);
        Assert.Equal(TimeSpan.FromMinutes(1), LimitHeaders.UntilReset(limits));
    }

    [Fact]
    public void Limits_of_Anthropic()
    {
        var limits = LimitHeaders.Limits(Headers(
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "2026-03-01T12:00:10Z"),
            ("anthropic-ratelimit-input-tokens-limit", "40000"), ("anthropic-ratelimit-input-tokens-remaining", "39000"), ("anthropic-ratelimit-tokens-limit", "48000")), Now);
        Assert.Equal(new() { RequestLimit = 50, RequestsLeft = 0, RequestsReset = TimeSpan.FromSeconds(10), TokenLimit = 40_000, TokensLeft = 39_000 }, limits);
        Assert.Equal(TimeSpan.FromSeconds(10), LimitHeaders.UntilReset(limits));
    }

    [Fact]
    public void Nothing_said_is_nothing_known()
    {
        Assert.Null(LimitHeaders.Limits(Headers(("x-ratelimit-limit-requests", "many")), Now));
        Assert.Null(LimitHeaders.UntilReset(new() { RequestsLeft = 3, RequestsReset = TimeSpan.FromSeconds(1) }));
    }

    private static System.Net.Http.Headers.HttpResponseHeaders Headers(params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage();
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response.Headers;
    }
}
