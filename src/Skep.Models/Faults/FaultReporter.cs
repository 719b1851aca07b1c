using System.Globalization;
using System.Net.Http.Headers;
using Skep.Models.Endpoints;

namespace Skep.Models.Faults;

/// <summary>Makes failures of one endpoint into exceptions that say what, where and how to fix it, and never hold the key.</summary>
internal sealed class FaultReporter(ModelEndpoint endpoint, string? key, TimeProvider time)
{
    /// <summary>So much of a provider's own words is quoted.</summary>
    private const int MaxQuote = 400;

    /// <summary>Longest sentence of ours with a quote in it.</summary>
    private const int MaxSentence = 1000;

    private string Where { get; } = $"provider '{endpoint.Name}' ({endpoint.BaseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')})";

    /// <summary>An answer with an error's status.</summary>
    public ModelException OfAnswer(int status, HttpResponseHeaders headers, ErrorBody body, string model)
    {
        var now = time.GetUtcNow();
        var fault = FaultKinds.OfStatus(status, body);
        var limits = LimitHeaders.Limits(headers, now);
        var wait = LimitHeaders.RetryAfter(headers, now) ?? (fault == ModelFault.RateLimited ? LimitHeaders.UntilReset(limits) : null);
        var request = RequestId(headers);
        return new(fault, Message(fault, status, body, model, wait, request)) { Status = status, RetryAfter = wait, RateLimits = limits, RequestId = request };
    }

    /// <summary>An error inside of a stream.</summary>
    public ModelException OfStream(ErrorBody body, string model, string? request)
    {
        var fault = FaultKinds.OfStream(body);
        return new(fault, Message(fault, null, body, model, null, request)) { RequestId = request };
    }

    /// <summary>A failure that no provider worded.</summary>
    public ModelException Of(ModelFault fault, string what, string? request = null, Exception? inner = null) =>
        new(fault, $"{Where}: {SecretMask.Clean(what, key, MaxSentence)}{Tail(request)}", inner) { RequestId = request };

    /// <summary>No connection came about, or it broke before there was an answer.</summary>
    public ModelException OfConnection(HttpRequestException failed) => failed.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Of(ModelFault.Unreachable, $"the name '{endpoint.BaseUrl.Host}' cannot be resolved. Check the base URL and the network", null, failed),
        HttpRequestError.ConnectionError => Of(ModelFault.Unreachable, $"nobody answers at {endpoint.BaseUrl.Authority} ({failed.Message}). Check that the server runs and the base URL is right", null, failed),
        HttpRequestError.SecureConnectionError => Of(ModelFault.Unreachable, $"no secure connection: {(failed.InnerException ?? failed).Message}. Check the server's certificate, and whether it speaks https at all", null, failed),
        HttpRequestError.ProxyTunnelError => Of(ModelFault.Unreachable, $"the proxy lets nothing through: {failed.Message}. Check HTTPS_PROXY and NO_PROXY", null, failed),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
            Of(ModelFault.Malformed, $"the answer is not HTTP as it should be: {failed.Message}. Check that the base URL is that of a model server", null, failed),
        _ => Of(ModelFault.Unreachable, $"the connection broke before there was an answer: {failed.Message}. It is worth another try", null, failed),
    };

    /// <summary>What the provider says about its limits; null when nothing.</summary>
    public RateLimits? Limits(HttpResponseHeaders headers) => LimitHeaders.Limits(headers, time.GetUtcNow());

    /// <summary>The provider's id of a request.</summary>
    public string? RequestId(HttpResponseHeaders headers)
    {
        foreach (var name in (ReadOnlySpan<string>)["request-id", "x-request-id", "cf-ray"])
        {
            if (headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0) return SecretMask.Clean(values.First(), key, 128);
        }

        return null;
    }

    /// <summary>The provider's words, fit to be shown.</summary>
    public string Clean(string text) => SecretMask.Clean(text, key, MaxQuote);

    /// <summary>Words of a provider inside of a sentence of ours: short, so that the sentence is not cut.</summary>
    public string Quote(string text) => SecretMask.Clean(text, key, MaxQuote / 2);

    private string Message(ModelFault fault, int? status, ErrorBody body, string model, TimeSpan? wait, string? request)
    {
        var (what, fix) = Words(fault, status, model, wait);
        var quote = Clean(body.Message);
        var number = status is { } code ? $" ({code.ToString(CultureInfo.InvariantCulture)})" : "";
        return $"{Where} {what}{number}{(quote.Length > 0 ? $": \"{quote}\"" : "")}. {fix}{Tail(request)}";
    }

    private (string What, string Fix) Words(ModelFault fault, int? status, string model, TimeSpan? wait) => fault switch
    {
        ModelFault.Unauthorized => ("does not accept the key", KeyAdvice()),
        ModelFault.Forbidden => ("forbids this call", $"Check what {KeyName()} may do, and the account's credit"),
        ModelFault.NotFound when status is < 400 => ("sends us elsewhere", "Set the base URL to the address that answers itself"),
        ModelFault.NotFound => ($"knows no model '{model}', or has no such address", $"Check the model's name and the base URL; requests go to {endpoint.Address.GetLeftPart(UriPartial.Path)}"),
        ModelFault.RateLimited => ("had too many requests or tokens", $"Try again {When(wait)}; lower limits (rpm, tpm) for this provider avoid this"),
        ModelFault.Overloaded => ("is overloaded", $"Try again {When(wait)}"),
        ModelFault.ContextTooLong => ($"says that the conversation is too long for '{model}'", "Shorten it, ask for less output, or take a model with a larger window"),
        ModelFault.Filtered => ("refuses to answer this", "Change what is asked; the same request will be refused again"),
        ModelFault.BadRequest => ("does not take this request", $"Check the options of the call and whether '{model}' supports them"),
        ModelFault.TimedOut => ("gave up waiting", "It is worth another try"),
        ModelFault.ServerError => ("failed", $"Try again {When(wait)}"),
        _ => ("answered what is not an answer", "Check that the base URL is that of a model server"),
    };

    private string KeyName() => endpoint.KeyVariable is { } name ? $"the key in {name}" : "the key";

    private string KeyAdvice() => endpoint.KeyVariable is { } name
        ? $"Set {name} to a valid key, in the environment or in .skep/secrets"
        : "It needs one: name its variable as \"key_env\" of this provider in .skep/models.json";

    private static string When(TimeSpan? wait) => wait is { } time ? $"in {time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s" : "later";

    private static string Tail(string? request) => request is null ? "" : $" [request {request}]";
}
