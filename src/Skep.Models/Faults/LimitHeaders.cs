using System.Globalization;
using System.Net.Http.Headers;

namespace Skep.Models.Faults;

/// <summary>Reads what providers say in headers about waiting and about limits.</summary>
internal static class LimitHeaders
{
    /// <summary>No provider is waited for longer, whatever it says.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(24);

    /// <summary>How long to wait: <c>retry-after-ms</c>, or <c>retry-after</c> in seconds or as a date; null when neither says so.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Text(headers, "retry-after-ms") is { } ms && Number(ms) is { } count) return Bounded(TimeSpan.FromMilliseconds(count));
        if (Text(headers, "retry-after") is not { } after) return null;
        if (Number(after) is { } seconds) return Bounded(TimeSpan.FromSeconds(seconds));
        return DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when) ? Bounded(when - now) : null;
    }

    /// <summary>What is left of the limits, by OpenAI's headers (and of those who copy them) or Anthropic's; null when there are none.</summary>
    public static RateLimits? Limits(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var limits = new RateLimits
        {
            RequestLimit = Count(headers, "x-ratelimit-limit-requests", "anthropic-ratelimit-requests-limit"),
            RequestsLeft = Count(headers, "x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining"),
            RequestsReset = Reset(headers, now, "x-ratelimit-reset-requests", "anthropic-ratelimit-requests-reset"),
            TokenLimit = Count(headers, "x-ratelimit-limit-tokens", "anthropic-ratelimit-input-tokens-limit", "anthropic-ratelimit-tokens-limit"),
            TokensLeft = Count(headers, "x-ratelimit-remaining-tokens", "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-tokens-remaining"),
            TokensReset = Reset(headers, now, "x-ratelimit-reset-tokens", "anthropic-ratelimit-input-tokens-reset", "anthropic-ratelimit-tokens-reset"),
        };
        return limits == Nothing ? null : limits;
    }

    /// <summary>How long to wait when a refusal does not say so, but what has run out is known to come back.</summary>
    public static TimeSpan? UntilReset(RateLimits? limits)
    {
        var requests = limits is { RequestsLeft: 0 } ? limits.RequestsReset : null;
        var tokens = limits is { TokensLeft: 0 } ? limits.TokensReset : null;
        return requests is null || tokens > requests ? tokens : requests;
    }

    /// <summary>A span as OpenAI writes it: <c>6m0s</c>, <c>1h2m3s</c>, <c>20ms</c>, <c>1.5s</c>; or bare seconds.</summary>
    public static TimeSpan? Span(ReadOnlySpan<char> text)
    {
        if (Number(text) is { } seconds) return Bounded(TimeSpan.FromSeconds(seconds));
        var sum = 0.0;
        while (text.Length > 0)
        {
            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
            if (digits == 0 || Number(text[..digits]) is not { } count) return null;
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            if (Unit(letters < 0 ? text : text[..letters]) is not { } unit) return null;
            sum += count * unit;
            text = letters < 0 ? default : text[letters..];
        }

        return sum <= MaxWait.TotalSeconds ? TimeSpan.FromSeconds(sum) : MaxWait;
    }

    private static readonly RateLimits Nothing = new();

    private static double? Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-9,
        "us" or "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => null,
    };

    private static TimeSpan? Reset(HttpResponseHeaders headers, DateTimeOffset now, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Text(headers, name) is not { } text) continue;
            if (Span(text) is { } span) return span;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)) return Bounded(when - now);
        }

        return null;
    }

    private static long? Count(HttpResponseHeaders headers, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (long.TryParse(Text(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return count;
        }

        return null;
    }

    private static string? Text(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;

    // Bounded here already, because a TimeSpan cannot hold what a header may claim.
    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Math.Min(number, 1e9) : null;

    private static TimeSpan Bounded(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > MaxWait ? MaxWait : wait;
}
