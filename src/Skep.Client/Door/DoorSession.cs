namespace Skep.Client.Door;

/// <summary>The shell around a <see cref="DoorMachine"/>: threads that read, one lock, and what the machine says is done within it, in order.</summary>
internal sealed class DoorSession(DoorMachine machine, Stream output, StartFullServer start)
{
    /// <summary>How long the full server may take to end by itself when its client has left: runs that it works on are stopped in good order.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IFullServer? _server;
    private bool _ended;

    /// <summary>Speaks with one client until it leaves, or until it is cancelled, and ends the full server.</summary>
    /// <param name="input">What the client says.</param>
    /// <param name="time">The clock of the grace.</param>
    /// <param name="cancel">Ends the conversation, also while the input stays silent.</param>
    /// <exception cref="InvalidDataException">The client said a line that is too long.</exception>
    public async Task ServeAsync(Stream input, TimeProvider time, CancellationToken cancel)
    {
        new Thread(() => Read(input)) { IsBackground = true, Name = "client" }.Start();
        try
        {
            await _left.Task.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how people end it.
        }
        finally
        {
            await EndAsync(time);
        }
    }

    private void Read(Stream input)
    {
        try
        {
            var lines = new LineReader(input);
            while (lines.Read() is { } line) Step(() => machine.ClientSays(line));
            _left.TrySetResult();
        }
        catch (Exception e) when (e is InvalidDataException)
        {
            _left.TrySetException(e);
        }
        catch (IOException)
        {
            _left.TrySetResult();
        }
    }

    private async Task EndAsync(TimeProvider time)
    {
        Step(machine.ClientEnds);
        IFullServer? server;
        lock (_lock) (_ended, server) = (true, _server);
        if (server is null) return;
        try
        {
            await server.ExitedAsync().WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            server.Kill();
            await server.ExitedAsync();
        }
    }

    private void Step(Func<IReadOnlyList<DoorEffect>> step)
    {
        lock (_lock)
        {
            if (_ended) return;
            // A server that cannot be started is one that has ended, and that may have to be answered in turn.
            var failed = Perform(step());
            if (failed is not null) Perform(machine.ServerEnds(failed));
        }
    }

    private string? Perform(IReadOnlyList<DoorEffect> effects)
    {
        string? failed = null;
        foreach (var (act, line) in effects)
        {
            if (act == DoorAct.ToClient) ToClient(line);
            else if (act == DoorAct.ToServer) _server?.Send(line);
            else if (act == DoorAct.CloseServer) _server?.Close();
            else if (act == DoorAct.DropServer) _server?.Kill();
            else failed = Start();
        }

        return failed;
    }

    private string? Start()
    {
        try
        {
            _server = start((from, line) => FromServer(from, () => machine.ServerSays(line)), (from, why) => FromServer(from, () => Ended(why)));
            return null;
        }
        catch (IOException e)
        {
            _server = null;
            return e.Message;
        }
    }

    private IReadOnlyList<DoorEffect> Ended(string why)
    {
        _server = null;
        return machine.ServerEnds(why);
    }

    /// <summary>The last words of a server that was replaced are for nobody.</summary>
    private void FromServer(IFullServer from, Func<IReadOnlyList<DoorEffect>> step) => Step(() => ReferenceEquals(from, _server) ? step() : []);

    private void ToClient(byte[] line)
    {
        try
        {
            output.Write(line);
            output.Flush();
        }
        catch (IOException)
        {
            // The client has gone, which ends its input, too.
            _left.TrySetResult();
        }
    }
}
