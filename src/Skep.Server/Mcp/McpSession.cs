using ModelContextProtocol.Server;

namespace Skep.Server.Mcp;

/// <summary>One client's conversation.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly McpServer _server;
    private readonly Task _running;
    private int _hasStream;

    public McpSession(string id, McpServerOptions options, ISseEventStreamStore events)
    {
        Id = id;
        Transport = new StreamableHttpServerTransport { SessionId = id, EventStreamStore = events };
        _server = McpServer.Create(Transport, options);
        _running = _server.RunAsync(_stop.Token);
    }

    /// <summary>What the client names it by; a secret between both.</summary>
    public string Id { get; }

    /// <summary>Takes requests.</summary>
    public StreamableHttpServerTransport Transport { get; }

    /// <summary>Requests and streams that are open. Guarded by the table's lock.</summary>
    public int InUse { get; set; }

    /// <summary>When it was used last. Guarded by the table's lock.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes the place of the one stream for messages that answer nothing; false when it is taken.</summary>
    public bool TryTakeStream() => Interlocked.Exchange(ref _hasStream, 1) == 0;

    /// <summary>Frees it.</summary>
    public void LeaveStream() => Interlocked.Exchange(ref _hasStream, 0);

    /// <summary>Ends the conversation: streams close, calls under way are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        await _server.DisposeAsync();
        _stop.Dispose();
    }
}
