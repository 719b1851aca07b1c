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
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(20);
    private readonly Socket _listener;
    private readonly ScriptedModelServerOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connections, and one for the accepting loop: at none, nothing runs any more.</summary>
    private int _open = 1;

    private int _isDisposed;

    private ScriptedModelServer(ScriptedModel model, Socket listener, ScriptedModelServerOptions options)
    {
        (Model, _listener, _options) = (model, listener, options);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        BaseUrl = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{EndPoint}"));
        _ = AcceptAsync();
    }

    /// <summary>The model.</summary>
    public ScriptedModel Model { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Its address without a path, such as <c>http://127.0.0.1:41234/</c>. Below it are <c>v1/chat/completions</c>, <c>v1/messages</c> and <c>v1/models</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections => Math.Max(0, Volatile.Read(ref _open) - 1);

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
        await _quiet.Task;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                if (await TryAcceptAsync() is { } socket) _ = ServeAsync(socket);
                else await Task.Delay(AfterRefusal, TimeProvider.System, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops.
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// The next connection. Null when the client was gone before it was accepted, or this process has no descriptor left: both pass, and who waits still stands in
    /// the backlog.
    /// </summary>
    private async ValueTask<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _listener.AcceptAsync(_stop.Token);
        }
        catch (SocketException) when (!_stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var isFull = Interlocked.Increment(ref _open) > _options.MaxConnections + 1;
        using var connection = new Connection(socket, Model, _options, isFull);
        try
        {
            // Off the accepting loop, so that a request that is there already does not keep others waiting.
            await Task.Yield();
            await connection.RunAsync(_stop.Token);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0) _quiet.TrySetResult();
    }
}
