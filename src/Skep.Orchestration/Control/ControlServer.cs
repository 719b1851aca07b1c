using System.Net.Sockets;
using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Takes requests of other processes over the folder's Unix socket, which only its owner may open.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private static readonly TimeSpan RetryAccept = TimeSpan.FromMilliseconds(100);

    private readonly RequestDispatcher _dispatcher;
    private readonly Socket _listener;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(ControlProtocol.MaxConnections);
    private readonly Task _accepting;
    private int _disposed;

    private ControlServer(RequestDispatcher dispatcher, Socket listener, string path)
    {
        (_dispatcher, _listener, _path) = (dispatcher, listener, path);
        _accepting = Task.Run(AcceptAsync);
    }

    public static ControlServer Start(SkepFolder folder, RequestDispatcher dispatcher)
    {
        var path = folder.SocketPath;
        // We hold the folder's lock, so a socket that is there belongs to a process that is gone.
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(ControlProtocol.MaxConnections);
        return new ControlServer(dispatcher, listener, path);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        File.Delete(_path);
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new HashSet<Task>();
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_stop.Token);
                if (await TryAcceptAsync() is not { } socket) continue;
                serving.RemoveWhere(t => t.IsCompleted);
                serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    /// <summary>A caller who gave up, or a process short of file handles, is no reason to be deaf from then on.</summary>
    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _listener.AcceptAsync(_stop.Token);
        }
        catch (SocketException)
        {
            _slots.Release();
            await Task.Delay(RetryAccept, TimeProvider.System, _stop.Token);
            return null;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var connection = new ControlConnection(socket);
            while (await ServeOneAsync(connection))
            {
                // The next request of the same caller.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The caller has gone or was too slow; what was recorded stays recorded.
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Answers one request; false when no more will come.</summary>
    private async Task<bool> ServeOneAsync(ControlConnection connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(ControlProtocol.Patience);
        if (await connection.ReadLineAsync(patience.Token) is not { } line)
        {
            // To answer a caller who is gone would cost an exception per connection.
            return connection.LineTooLong && await RefuseTooLongAsync(connection, patience.Token);
        }

        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        var answer = Parse(line, out var request) ?? await CarryOutAsync(connection, request!);
        patience.CancelAfter(ControlProtocol.Patience);
        await SendAsync(connection, answer, patience.Token);
        return true;
    }

    /// <summary>A caller may go while a request of it streams (a watch, say); then the work for it ends.</summary>
    private async Task<ControlResponse> CarryOutAsync(ControlConnection connection, ControlRequest request)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task? hangUp = null;
        try
        {
            return await _dispatcher.AnswerAsync(
                request,
                (response, cancel) =>
                {
                    hangUp ??= EndWhenClosedAsync(connection, gone, listening.Token);
                    return SendAsync(connection, response, cancel);
                },
                gone.Token);
        }
        finally
        {
            await listening.CancelAsync();
            if (hangUp is not null) await hangUp;
        }
    }

    private static async Task EndWhenClosedAsync(ControlConnection connection, CancellationTokenSource gone, CancellationToken listening)
    {
        try
        {
            await connection.UntilClosedAsync(listening);
            await gone.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The request is done.
        }
        catch (SocketException)
        {
            await gone.CancelAsync();
        }
    }

    private static ValueTask SendAsync(ControlConnection connection, ControlResponse response, CancellationToken cancel) =>
        connection.WriteLineAsync(JsonSerializer.SerializeToUtf8Bytes(response, ControlJson.Default.ControlResponse), cancel);

    /// <summary>The last answer on a connection whose caller does not keep to the bound.</summary>
    private static async Task<bool> RefuseTooLongAsync(ControlConnection connection, CancellationToken cancel)
    {
        var refusal = RequestDispatcher.Refuse(RequestCodes.TooLarge, $"a request is one line of at most {ControlProtocol.MaxLine} bytes");
        await SendAsync(connection, refusal, cancel);
        return false;
    }

    private static ControlResponse? Parse(ReadOnlyMemory<byte> line, out ControlRequest? request)
    {
        request = null;
        try
        {
            request = JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlRequest);
            return request is null ? RequestDispatcher.Refuse(RequestCodes.BadRequest, "the request is empty") : null;
        }
        catch (JsonException e)
        {
            return RequestDispatcher.Refuse(RequestCodes.BadRequest, e.Message);
        }
    }
}
