using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Mcp.Folder;

/// <summary>
/// Brings requests to the owner of a folder: over the socket where another process owns it, else by becoming the owner. As owner it keeps the folder while
/// runs are live, and gives it back when nothing has happened for a while, or when somebody asks for it. Thread-safe.
/// </summary>
internal sealed class FolderGate : IAsyncDisposable
{
    /// <summary>Connections to an owner that are kept for the next call.</summary>
    private const int MaxIdle = 8;

    /// <summary>How long the folder, once it is free, is left to whoever asked for it before this process takes it again.</summary>
    private static readonly TimeSpan HoldOff = TimeSpan.FromMilliseconds(500);

    /// <summary>Between the answer to whoever asks for the folder and its release, so that the answer arrives.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(10);

    /// <summary>How long whoever asks for the folder waits for calls that are under way.</summary>
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(2);

    private readonly SkepMcpSettings _settings;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Stack<ControlChannel> _idle = new();
    private SkepHost? _host;
    private ITimer? _timer;
    private int _using;
    private long _lastUse;
    private bool _promised;
    private long? _freedAt;
    private bool _disposed;

    public FolderGate(SkepMcpSettings settings) => (_settings, _time) = (settings, settings.Host.Time);

    /// <summary>Raised when the folder was given back.</summary>
    public event EventHandler? GivenBack;

    /// <summary>Whether this process owns the folder now.</summary>
    public bool IsOwner
    {
        get
        {
            lock (_lock) return _host is not null;
        }
    }

    /// <summary>Carries a request out, wherever the folder's owner is. A request whose owner ended in the middle is delivered again under its id.</summary>
    /// <exception cref="StorageException">The folder cannot be used.</exception>
    /// <exception cref="IOException">There is an owner, and it does not answer.</exception>
    public async Task<ControlResponse> AskAsync(ControlRequest request, CancellationToken cancel)
    {
        var named = request with { Id = request.Id ?? RequestIds.Next(), By = request.By ?? _settings.By };
        var turn = new TurnWait(_time);
        while (true)
        {
            try
            {
                if (IsLeaving())
                {
                    await turn.WaitAsync(cancel);
                    continue;
                }

                if (await HereAsync(named, cancel) is { } here) return here;
                if (await ThereAsync(named, cancel) is { } there) return there;
                if (IsHeldOff()) await turn.WaitAsync(cancel);
                else await BecomeOwnerAsync(cancel);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Locked && !turn.IsOver)
            {
                // Another process is the owner, and does not listen yet, or only for a moment.
                await turn.WaitAsync(cancel);
            }
            catch (OwnerGoneException) when (!turn.IsOver)
            {
                await turn.WaitAsync(cancel);
            }
        }
    }

    /// <summary>Does something with the host while this process is the owner; false when it is not.</summary>
    public async Task<bool> WithHostAsync(Func<SkepHost, Task> action)
    {
        if (Enter() is not { } host) return false;
        try
        {
            await action(host);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Somebody asks for the folder. Returns why it cannot have it, or null: then it is given back as soon as the answer is out.</summary>
    public async Task<string?> ReleaseAsync(CancellationToken cancel)
    {
        for (var turn = new TurnWait(_time, CallTime); ; await turn.WaitAsync(cancel))
        {
            lock (_lock)
            {
                if (_host is not null && _host.LiveRuns is { Count: > 0 } runs) return $"it works on {string.Join(", ", runs.Take(3))}{(runs.Count > 3 ? $" and {runs.Count - 3} more" : "")}";
                if (_using > 0 && turn.IsOver) return "it is answering a call";
                if (_using > 0) continue;
                _promised = true;
            }

            _ = GiveBackSoonAsync();
            return null;
        }
    }

    /// <summary>Gives the folder back unless a run is live or a call is under way. Returns whether it is free of this process.</summary>
    public async Task<bool> GiveBackAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (TakeHost(evenIfBusy: false) is not { } host) return !IsOwner;
            await CloseAsync(host);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the runs that this process works on (they can be resumed) and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            lock (_lock)
            {
                _disposed = true;
                while (_idle.TryPop(out var channel)) channel.Dispose();
            }

            if (TakeHost(evenIfBusy: true) is { } host) await CloseAsync(host);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ControlResponse?> HereAsync(ControlRequest request, CancellationToken cancel)
    {
        if (Enter() is not { } host) return null;
        try
        {
            return await host.AnswerAsync(request, receive: null, cancel);
        }
        finally
        {
            Leave();
        }
    }

    private async Task<ControlResponse?> ThereAsync(ControlRequest request, CancellationToken cancel)
    {
        if (await ConnectAsync(cancel) is not { } channel) return null;
        var whole = false;
        try
        {
            var response = await channel.AskAsync(request, static _ => { }, cancel: cancel);
            whole = true;
            return response;
        }
        finally
        {
            if (whole) Keep(channel);
            else channel.Dispose();
        }
    }

    private async Task<ControlChannel?> ConnectAsync(CancellationToken cancel)
    {
        lock (_lock)
            if (_idle.TryPop(out var kept)) return kept;
        return await ControlChannel.TryConnectAsync(_settings.Folder, cancel);
    }

    private void Keep(ControlChannel channel)
    {
        lock (_lock)
        {
            if (!_disposed && _idle.Count < MaxIdle)
            {
                _idle.Push(channel);
                return;
            }
        }

        channel.Dispose();
    }

    private async Task BecomeOwnerAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_host is not null) return;
            }

            var host = SkepHost.Open(_settings.Folder, _settings.Host with { Families = [.. _settings.Host.Families, new OwnerFamily(this)] });
            lock (_lock)
            {
                _host = host;
                _lastUse = _time.GetTimestamp();
                _timer = _time.CreateTimer(_ => _ = WhenIdleAsync(), null, _settings.IdleAfter, _settings.IdleAfter);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsHeldOff()
    {
        lock (_lock) return _promised || (_freedAt is { } since && _time.GetElapsedTime(since) < HoldOff);
    }

    /// <summary>Whether the folder is promised to somebody, and not given back yet: new calls wait for the next owner.</summary>
    private bool IsLeaving()
    {
        lock (_lock) return _promised && _host is not null;
    }

    private SkepHost? Enter()
    {
        lock (_lock)
        {
            if (_host is not null) _using++;
            return _host;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _using--;
            _lastUse = _time.GetTimestamp();
        }
    }

    /// <summary>The host, which from then on is nobody's to use.</summary>
    private SkepHost? TakeHost(bool evenIfBusy)
    {
        lock (_lock)
        {
            if (_host is null || (!evenIfBusy && (_using > 0 || _host.LiveRuns.Count > 0))) return null;
            _timer?.Dispose();
            var host = _host;
            (_host, _timer) = (null, null);
            return host;
        }
    }

    private async Task CloseAsync(SkepHost host)
    {
        await host.DisposeAsync();
        GivenBack?.Invoke(this, EventArgs.Empty);
    }

    private async Task WhenIdleAsync()
    {
        lock (_lock)
            if (_using > 0 || _time.GetElapsedTime(_lastUse) < _settings.IdleAfter) return;
        await QuietlyAsync(GiveBackAsync);
    }

    /// <summary>However long closing takes, whoever was promised the folder has its time from when it is free.</summary>
    private Task GiveBackSoonAsync() => QuietlyAsync(async () =>
    {
        try
        {
            var turn = new TurnWait(_time, CallTime);
            do await Task.Delay(AnswerTime, _time);
            while (!await GiveBackAsync() && !turn.IsOver);
            return true;
        }
        finally
        {
            lock (_lock) (_promised, _freedAt) = (false, _time.GetTimestamp());
        }
    });

    private async Task QuietlyAsync(Func<Task<bool>> giveBack)
    {
        try
        {
            await giveBack();
        }
        catch (Exception e) when (e is StorageException or IOException or ObjectDisposedException)
        {
            _settings.Log($"the folder could not be given back: {e.Message}");
        }
    }
}
