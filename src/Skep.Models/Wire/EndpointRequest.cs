using Skep.Models.Endpoints;

namespace Skep.Models.Wire;

/// <summary>What requests to an endpoint have in common: version, headers, key.</summary>
internal static class EndpointRequest
{
    /// <summary>The header of OpenAI's format.</summary>
    public const string BearerHeader = "Authorization";

    /// <summary>A POST with the endpoint's headers and the key.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="address">The address there.</param>
    /// <param name="key">The key; null: none.</param>
    /// <param name="keyHeader">The header of the key, unless the endpoint names one.</param>
    /// <param name="accept">What is taken for an answer.</param>
    /// <param name="body">The body; it is disposed with the request.</param>
    public static HttpRequestMessage Post(ModelEndpoint endpoint, Uri address, string? key, string keyHeader, string accept, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = body,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in endpoint.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (key is null) return request;
        var header = endpoint.KeyHeader ?? keyHeader;
        request.Headers.TryAddWithoutValidation(header, header == BearerHeader ? "Bearer " + key : key);
        return request;
    }
}
