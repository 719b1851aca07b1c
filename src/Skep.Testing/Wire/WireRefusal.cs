namespace Skep.Testing;

/// <summary>A request is refused. The wire formats turn it into their errors.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The error's type.</param>
/// <param name="message">What is told.</param>
internal sealed class WireRefusal(int status, string type, string message) : Exception(message)
{
    private const int BadRequest = 400;

    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>The parameter that is to blame (OpenAI).</summary>
    public string? Param { get; init; }

    /// <summary>A code for programs (OpenAI).</summary>
    public string? Code { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public RateStanding? Standing { get; init; }

    /// <summary>A request that is not as it should be.</summary>
    public static WireRefusal Invalid(string message, string? param = null, string? code = null) =>
        new(BadRequest, "invalid_request_error", message) { Param = param, Code = code };
}
