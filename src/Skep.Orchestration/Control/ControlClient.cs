using System.Net.Sockets;
using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Brings requests to the owner of a folder.</summary>
public static class ControlClient
{
    /// <summary>Sends a request to the process that owns the folder. Returns null when none listens.</summary>
    /// <exception cref="IOException">The owner answers with something else than the protocol, or not in time.</exception>
    public static async Task<ControlResponse?> TrySendAsync(SkepFolder folder, ControlRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.SocketPath), cancel);
        }
        catch (SocketException)
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(ControlProtocol.Patience);
        try
        {
            await ControlLine.WriteAsync(socket, JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), patience.Token);
            var line = await ControlLine.ReadAsync(socket, patience.Token) ?? throw new IOException($"the process that owns {folder.Root} closed the connection without an answer");
            return JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlResponse) ?? throw new IOException("an empty answer");
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"the process that owns {folder.Root} did not answer within {ControlProtocol.Patience.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is JsonException or SocketException)
        {
            throw new IOException($"the process that owns {folder.Root} gave no proper answer: {e.Message}", e);
        }
    }

    /// <summary>
    /// Carries a request out: through the owner of the folder, or, where there is none, by becoming the owner for a moment. Returns null
    /// when it is done and durable, else why not.
    /// </summary>
    public static async Task<string?> CarryOutAsync(SkepFolder folder, ControlRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await TrySendAsync(folder, request, cancel) is { } response) return response.Ok ? null : response.Error ?? "refused";
        if (ControlProtocol.ToInput(request, out var problem) is not { } input) return problem;
        if (request.Run is null) return "no process works on this folder; name the run";
        await using var host = SkepHost.Open(folder, new SkepHostOptions { Listen = false });
        return await host.ControlAsync(request.Run, input, cancel);
    }
}
