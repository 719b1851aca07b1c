using System.Net.Sockets;
using System.Text;
using Skep.Testing.Wire;

namespace Skep.Testing.Hosts;

/// <summary>One connection of a server: reads requests one after the other and plays their answers.</summary>
internal sealed class Connection(Socket socket, ScriptedModel model, ScriptedModelServerOptions options, bool isFull) : IDisposable
{
    private readonly RequestReader _reader = new(socket, options);
    private readonly ReplyWriter _writer = new(socket);
    private readonly byte[] _peeked = new byte[1];
    private Task<bool>? _peer;

    /// <inheritdoc />
    public void Dispose()
    {
        socket.Dispose();
        _writer.Dispose();
    }

    /// <summary>Serves until either side ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            socket.NoDelay = true;
            if (isFull) await ProblemAsync(new HttpProblem(503, $"more than {options.MaxConnections} connections"), stop);
            else
                while (await ServeAsync(stop))
                {
                }
        }
        catch (HttpProblem problem)
        {
            await ProblemAsync(problem, stop);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client, or the server as a whole, has gone; there is nobody to tell.
        }
        finally
        {
            Dispose();
            await PeerGoneAsync();
        }
    }

    /// <summary>Serves one request. False when the connection is to be closed.</summary>
    private async Task<bool> ServeAsync(CancellationToken stop)
    {
        await PeerGoneAsync();
        if (await _reader.ReadAsync(stop) is not { } request) return false;
        var reply = model.Answer(request.Request);
        try
        {
            return await PlayAsync(reply, stop) && request.KeepAlive;
        }
        finally
        {
            // Says nothing if something was said before: whoever leaves early lands here.
            reply.Exchange?.Finish(ExchangeEnd.Abandoned);
        }
    }

    private async Task<bool> PlayAsync(WireReply reply, CancellationToken stop)
    {
        foreach (var step in reply.Steps)
        {
            switch (step.Kind)
            {
                case WireStepKind.Head:
                    _writer.Begin(step.Head!);
                    break;
                case WireStepKind.Write:
                    await _writer.WriteAsync(step.Bytes, stop);
                    break;
                case WireStepKind.Wait:
                    await _writer.FlushAsync(stop);
                    if (!await WaitAsync(step.Delay, stop)) return false;
                    break;
                case WireStepKind.Hang:
                    await _writer.FlushAsync(stop);
                    await WaitAsync(Timeout.InfiniteTimeSpan, stop);
                    return false;
                default:
                    await _writer.FlushAsync(stop);
                    Drop(step.Style);
                    reply.Exchange?.Finish(ExchangeEnd.Dropped);
                    return false;
            }
        }

        await _writer.EndAsync(stop);
        reply.Exchange?.Finish(ExchangeEnd.Delivered);
        return true;
    }

    private void Drop(DropStyle style)
    {
        // Closing with data that must not linger resets the connection.
        if (style == DropStyle.Reset) socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Waits on the model's clock. False when the client left meanwhile.</summary>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var time = Task.Delay(delay, model.Options.Time, over.Token);
        _peer ??= WatchAsync(stop);
        var first = await Task.WhenAny(time, _peer);
        if (first == _peer && await _peer)
        {
            await over.CancelAsync();
            return false;
        }

        await time;
        return true;
    }

    /// <summary>
    /// Until there is something to read. True at the end, false before the next request, which may come early. A byte is looked at and left there:
    /// reading none at all may also return when there is nothing, behind a body that came later than its head, and would look like the end.
    /// </summary>
    private async Task<bool> WatchAsync(CancellationToken stop)
    {
        try
        {
            return await socket.ReceiveAsync(_peeked, SocketFlags.Peek, stop) == 0;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private async Task PeerGoneAsync()
    {
        if (_peer is null) return;
        await _peer;
        _peer = null;
    }

    private async Task ProblemAsync(HttpProblem problem, CancellationToken stop)
    {
        try
        {
            var body = Encoding.UTF8.GetBytes($"{{\"error\":{{\"message\":\"{problem.Message}\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}}}");
            _writer.Begin(new WireHead(problem.Status, "application/json", body.Length, [new("connection", "close")]));
            await _writer.WriteAsync(body, stop);
            await _writer.EndAsync(stop);
            socket.Shutdown(SocketShutdown.Send);
            await _reader.DrainAsync(stop);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was only a courtesy.
        }
    }
}
