using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Skep.Testing.Hosts;

namespace Skep.Testing;

/// <summary>
/// A <see cref="ScriptedModel"/> behind a socket on this machine: HTTP/1.1 with kept connections. It is its own small server because it must misbehave on the wire as no
/// well-made one would let it: reset in the middle, half frames, lengths that are not kept.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private readonly Socket _listener;
    private readonly ScriptedModelServerOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Task _accepting;
    private int _open;
    private int _isDisposed;

    private ScriptedModelServer(ScriptedModel model, Socket listener, ScriptedModelServerOptions options)
    {
        (Model, _listener, _options) = (model, listener, options);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        BaseUrl = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{EndPoint}"));
        _accepting = AcceptAsync();
    }

    /// <summary>The model.</summary>
    public ScriptedModel Model { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Its address without a path, such as <c>http://127.0.0.1:41234/</c>. Below it are <c>v1/chat/completions</c>, <c>v1/messages</c> and <c>v1/models</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections => Volatile.Read(ref _open);

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ArgumentException">The address is not of this machine only.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Task<ScriptedModelServer> StartAsync(ScriptedModel model, ScriptedModelServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ScriptedModelServerOptions();
        if (!IPAddress.IsLoopback(options.Address))
            throw new ArgumentException($"A scripted model listens on loopback addresses only, not on {options.Address}; use {IPAddress.Loopback}.", nameof(options));
        var listener = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(options.Address, options.Port));
            listener.Listen(Backlog);
            return Task.FromResult(new ScriptedModelServer(model, listener, options));
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Closes all connections, answers in the middle included, and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // The client was gone before it was accepted, or this process has no descriptor left; both pass, and waiting connections are still in the backlog.
                await Task.Yield();
            }
        }
    }

    private void Serve(Socket socket)
    {
        var isFull = Interlocked.Increment(ref _open) > _options.MaxConnections;
        var connection = new Connection(socket, Model, _options, isFull);
        var running = RunAsync(connection);
        _connections[connection] = running;
        // It may have ended before it was entered.
        if (running.IsCompleted) _connections.TryRemove(connection, out _);
    }

    private async Task RunAsync(Connection connection)
    {
        // Off the accepting loop, so that a request that is there already does not keep others waiting.
        await Task.Yield();
        try
        {
            await connection.RunAsync(_stop.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _connections.TryRemove(connection, out _);
        }
    }
}
