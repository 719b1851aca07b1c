namespace Skep.Models.Endpoints;

/// <summary>The connections to a provider.</summary>
internal static class Connections
{
    /// <summary>Most connections to one provider. Over HTTP/2 (all hosted ones) a connection carries many calls.</summary>
    public const int MaxConnections = 512;

    /// <summary>Longest headers of an answer, in KiB.</summary>
    private const int MaxHeaderKiB = 64;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A pool. It follows no redirects, which could carry a key elsewhere, and keeps no cookies. What is on this machine is not asked for by a proxy: a proxy elsewhere could not
    /// reach it, but would see the key.
    /// </summary>
    public static HttpMessageHandler Handler(ModelEndpoint endpoint) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !endpoint.BaseUrl.IsLoopback,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = MaxConnections,
        MaxResponseHeadersLength = MaxHeaderKiB,
        ActivityHeadersPropagator = null,
    };
}
