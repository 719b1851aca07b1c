using System.Net;

namespace Skep.Testing.Wire;

/// <summary>What both formats read from headers.</summary>
internal static class Headers
{
    private const string Bearer = "Bearer ";

    /// <summary>The key, or null.</summary>
    public static string? ApiKey(WireRequest request)
    {
        if (request.Header("x-api-key") is { } key) return key;
        var authorization = request.Header("Authorization");
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[Bearer.Length..].Trim() : authorization;
    }

    /// <summary>What a refusal adds to the headers of its error.</summary>
    public static List<KeyValuePair<string, string>> Of(WireRefusal refusal, ModelWire wire)
    {
        var headers = Of(refusal.Standing, wire);
        if (refusal.RetryAfter is not { } wait) return headers;
        headers.Add(new("retry-after", Math.Ceiling(wait.TotalSeconds).ToString("0")));
        if (wire == ModelWire.OpenAi) headers.Add(new("retry-after-ms", Math.Ceiling(wait.TotalMilliseconds).ToString("0")));
        return headers;
    }

    /// <summary>What is left of a limit; nothing where there is none.</summary>
    public static List<KeyValuePair<string, string>> Of(RateStanding? standing, ModelWire wire)
    {
        List<KeyValuePair<string, string>> headers = [];
        if (standing is null) return headers;
        var reset = wire == ModelWire.OpenAi ? $"{(standing.Reset - standing.Now).TotalSeconds:0.###}s" : standing.Reset.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        foreach (var (name, limit, left) in new[] { ("requests", standing.Requests, standing.RequestsLeft), ("tokens", standing.Tokens, standing.TokensLeft) })
        {
            if (limit is null) continue;
            string Name(string what) => wire == ModelWire.OpenAi ? $"x-ratelimit-{what}-{name}" : $"anthropic-ratelimit-{name}-{what}";
            headers.Add(new(Name("limit"), $"{limit}"));
            headers.Add(new(Name("remaining"), $"{left}"));
            headers.Add(new(Name("reset"), reset));
        }

        return headers;
    }

    /// <summary>The type that an error with this status has.</summary>
    public static string ErrorType(int status, ModelWire wire) => (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized => wire == ModelWire.OpenAi ? "invalid_request_error" : "authentication_error",
        HttpStatusCode.Forbidden => wire == ModelWire.OpenAi ? "insufficient_permissions" : "permission_error",
        HttpStatusCode.NotFound => wire == ModelWire.OpenAi ? "invalid_request_error" : "not_found_error",
        HttpStatusCode.RequestEntityTooLarge => "request_too_large",
        HttpStatusCode.TooManyRequests => wire == ModelWire.OpenAi ? "requests" : "rate_limit_error",
        (HttpStatusCode)529 => "overloaded_error",
        >= HttpStatusCode.InternalServerError => wire == ModelWire.OpenAi ? "server_error" : "api_error",
        _ => "invalid_request_error",
    };
}
