namespace Skep.Models.Faults;

/// <summary>Tells which fault an HTTP status, or an error inside of a stream, is.</summary>
internal static class FaultKinds
{
    // How the providers and servers say that a conversation is too long; looked for in lower case.
    private static readonly string[] TooLong =
    [
        "context_length_exceeded", "exceed_context_size", "maximum context length", "context length", "context window", "context size", "exceed context limit",
        "prompt is too long", "input is too long", "input token count", "too many input tokens",
    ];

    private static readonly string[] NoCredit = ["insufficient_quota", "billing_error", "billing_hard_limit", "billing_not_active", "credit balance", "insufficient credit", "insufficient balance"];

    private static readonly string[] Filtered = ["content_filter", "content_policy", "responsibleaipolicyviolation", "content management policy"];

    /// <summary>The fault of an answer with an error's status.</summary>
    public static ModelFault OfStatus(int status, ErrorBody body) => status switch
    {
        401 => ModelFault.Unauthorized,
        402 => ModelFault.Forbidden,
        403 => Says(body, Filtered) ? ModelFault.Filtered : ModelFault.Forbidden,
        404 => ModelFault.NotFound,
        408 => ModelFault.TimedOut,
        413 => ModelFault.ContextTooLong,
        429 => Says(body, NoCredit) ? ModelFault.Forbidden : ModelFault.RateLimited,
        503 or 529 => ModelFault.Overloaded,
        >= 500 => Says(body, TooLong) ? ModelFault.ContextTooLong : ModelFault.ServerError,
        >= 400 => OfRefusal(body),
        >= 300 => ModelFault.NotFound,
        _ => ModelFault.Malformed,
    };

    /// <summary>The fault of an error that comes inside of a stream, where there is no status any more.</summary>
    public static ModelFault OfStream(ErrorBody body)
    {
        if (int.TryParse(body.Code, out var status) && status is >= 400 and < 600) return OfStatus(status, body);
        return (body.Type ?? body.Code) switch
        {
            "overloaded_error" or "overloaded" or "service_unavailable" or "service_unavailable_error" => ModelFault.Overloaded,
            "rate_limit_error" or "rate_limit_exceeded" or "tokens" or "requests" => OfStatus(429, body),
            "authentication_error" => ModelFault.Unauthorized,
            "permission_error" or "billing_error" or "insufficient_quota" => ModelFault.Forbidden,
            "not_found_error" => ModelFault.NotFound,
            "request_too_large" => ModelFault.ContextTooLong,
            "invalid_request_error" or "BadRequestError" => OfRefusal(body),
            "timeout_error" => ModelFault.TimedOut,
            _ => Says(body, TooLong) ? ModelFault.ContextTooLong : Says(body, Filtered) ? ModelFault.Filtered : ModelFault.ServerError,
        };
    }

    private static ModelFault OfRefusal(ErrorBody body) =>
        Says(body, TooLong) ? ModelFault.ContextTooLong
        : Says(body, NoCredit) ? ModelFault.Forbidden
        : Says(body, Filtered) ? ModelFault.Filtered
        : ModelFault.BadRequest;

    private static bool Says(ErrorBody body, string[] signs)
    {
        foreach (var sign in signs)
        {
            if (Has(body.Code, sign) || Has(body.Type, sign) || Has(body.Message, sign)) return true;
        }

        return false;
    }

    private static bool Has(string? text, string sign) => text?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true;
}
