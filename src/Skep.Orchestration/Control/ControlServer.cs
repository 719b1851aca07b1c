using System.Net.Sockets;
using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Takes requests of other processes over the folder's Unix socket, which only its owner may open.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private static readonly TimeSpan RetryAccept = TimeSpan.FromMilliseconds(100);

    private readonly SkepHost _host;
    private readonly Socket _listener;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(ControlProtocol.MaxConnections);
    private readonly Task _accepting;
    private int _disposed;

    private ControlServer(SkepHost host, Socket listener, string path)
    {
        (_host, _listener, _path) = (host, listener, path);
        _accepting = Task.Run(AcceptAsync);
    }

    public static ControlServer Start(SkepFolder folder, SkepHost host)
    {
        var path = folder.SocketPath;
        // We hold the folder's lock, so a socket that is there belongs to a process that is gone.
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(ControlProtocol.MaxConnections);
        return new ControlServer(host, listener, path);
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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(ControlProtocol.Patience);
        try
        {
            using (socket)
            {
                var line = await ControlLine.ReadAsync(socket, patience.Token);
                var response = line is { } bytes ? await AnswerAsync(bytes, patience.Token) : Refuse($"a request is one line of at most {ControlProtocol.MaxLine} bytes");
                await ControlLine.WriteAsync(socket, JsonSerializer.SerializeToUtf8Bytes(response, ControlJson.Default.ControlResponse), patience.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The caller has gone or was too slow; what was recorded stays recorded.
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<ControlResponse> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken cancel)
    {
        try
        {
            var request = JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlRequest);
            if (request is null) return Refuse("the request is empty");
            if (request.V != ControlProtocol.Version) return Refuse($"the request is of protocol version {request.V}; this process speaks version {ControlProtocol.Version}");
            if (request.Op == ControlOps.Ping) return Refuse(null) with { Ok = true, Runs = [.. _host.LiveRuns] };
            if (ControlProtocol.ToInput(request, out var problem) is not { } input) return Refuse(problem);
            var error = await _host.ControlAsync(request.Run ?? OnlyRun(), input, cancel);
            return Refuse(error) with { Ok = error is null };
        }
        catch (OperationCanceledException)
        {
            throw;
        }
#pragma warning disable CA1031 // whatever a request breaks is told to whoever sent it; the server goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Refuse(e.Message);
        }
    }

    private string OnlyRun()
    {
        var runs = _host.LiveRuns;
        return runs.Count == 1 ? runs.First() : throw new RunLogException(runs.Count == 0 ? "no run is being worked on; name one" : "several runs are being worked on; name one");
    }

    private static ControlResponse Refuse(string? error) => new()
    {
        Error = error,
        Pid = Environment.ProcessId,
        Version = typeof(ControlServer).Assembly.GetName().Version?.ToString(3),
    };
}
