using System.Net.Sockets;
using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>A connection to the process that owns a folder. Requests on it are answered one after the other.</summary>
public sealed class ControlChannel : IDisposable
{
    private readonly ControlConnection _connection;
    private readonly string _root;

    private ControlChannel(ControlConnection connection, string root) => (_connection, _root) = (connection, root);

    /// <summary>Connects to the owner, or returns null when none listens.</summary>
    public static async Task<ControlChannel?> TryConnectAsync(SkepFolder folder, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.SocketPath), cancel);
            return new ControlChannel(new ControlConnection(socket, ControlProtocol.MaxAnswer), folder.Root);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="receive">For requests that stream: takes each element; from the first on there is no time limit.</param>
    /// <param name="patience">How long to wait; <see cref="ControlProtocol.Patience"/> unless given.</param>
    /// <param name="cancel">Ends the wait; the channel is then of no more use.</param>
    /// <exception cref="IOException">The owner answers with something else than the protocol, or not in time.</exception>
    public async Task<ControlResponse> AskAsync(ControlRequest request, Action<JsonElement>? receive = null, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        var limit = patience ?? ControlProtocol.Patience;
        var line = JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest);
        // The owner would hang up in the middle, which looks as if it had ended.
        if (line.Length >= ControlProtocol.MaxLine)
            return RequestDispatcher.Refuse(RequestCodes.TooLarge, $"the request has {line.Length} bytes; at most {ControlProtocol.MaxLine - 1} can be sent: shorten its texts");
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        waiting.CancelAfter(limit);
        try
        {
            await _connection.WriteLineAsync(line, waiting.Token);
            while (true)
            {
                var response = await ReadAsync(waiting.Token);
                if (!response.More) return response;
                waiting.CancelAfter(Timeout.InfiniteTimeSpan);
                if (response.Result is { } element) receive?.Invoke(element);
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"the process that owns {_root} did not answer within {limit.TotalSeconds:0.#} s; 'skep doctor' tells which process it is", e);
        }
        catch (SocketException e)
        {
            throw new OwnerGoneException(_root, e);
        }
        catch (JsonException e)
        {
            throw new IOException($"the process that owns {_root} gave no proper answer: {e.Message}", e);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _connection.Dispose();

    private async Task<ControlResponse> ReadAsync(CancellationToken cancel)
    {
        if (await _connection.ReadLineAsync(cancel) is not { } line)
            throw _connection.LineTooLong ? new IOException($"the process that owns {_root} answered with more than {ControlProtocol.MaxAnswer} bytes at once: ask for less") : new OwnerGoneException(_root, null);
        return JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlResponse) ?? throw new JsonException("an empty answer");
    }
}

/// <summary>The owner of a folder closed the connection before it answered; it may or may not have carried the request out.</summary>
internal sealed class OwnerGoneException(string root, Exception? inner)
    : IOException($"the process that owns {root} closed the connection without an answer", inner);
