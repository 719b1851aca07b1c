namespace Skep.Bench;

/// <summary>Connections as those to a provider are, with a look at what goes through them.</summary>
internal sealed class WatchedWire : DelegatingHandler
{
    private readonly Lock _lock = new();
    private int _sent;

    public WatchedWire() => InnerHandler = Connections();

    /// <summary>Requests that were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Where bodies are copied to, while it is not null.</summary>
    public List<byte[]>? Bodies { get; set; }

    public static SocketsHttpHandler Connections() => new() { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 512, ActivityHeadersPropagator = null };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        if (Bodies is { } bodies)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            lock (_lock) bodies.Add(body);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
