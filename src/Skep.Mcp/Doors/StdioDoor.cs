using ModelContextProtocol.Server;

namespace Skep.Mcp;

/// <summary>Serves one client over a pair of streams, as a coding CLI has it that starts a server: standard input and output.</summary>
public static class StdioDoor
{
    /// <summary>Speaks until the input ends, or until it is cancelled.</summary>
    /// <param name="server">The server.</param>
    /// <param name="input">What the client says.</param>
    /// <param name="output">Takes the protocol, and nothing else.</param>
    /// <param name="cancel">Ends the conversation, also while the input stays silent.</param>
    public static async Task ServeAsync(SkepMcpServer server, Stream input, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(server);
        await using var heard = new CancellableInput(input);
        await using var transport = new StreamServerTransport(heard, output, "skep");
        try
        {
            await server.ServeAsync(transport, cancel: cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how people end it.
        }
    }
}
