namespace Skep.Agents.Queries;

/// <summary>
/// A query at work: its state, its log, and the gate that is closed while it is held. Every event is durable before the state is shown to
/// anybody. Requests are taken as soon as they come, beside what the query does: what it does next looks at the state anew.
/// </summary>
internal sealed class QuerySession : IAsyncDisposable
{
    private readonly QueryStore _store;
    private readonly TimeProvider _time;
    private readonly IQueryHost _host;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _pump;
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Done();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _suspended;

    public QuerySession(QueryIdentity identity, QueryStore store, TimeProvider time, IQueryHost host)
    {
        (Identity, _store, _time, _host) = (identity, store, time, host);
        State = store.Load(identity.Id);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Whose query it is.</summary>
    public QueryIdentity Identity { get; }

    /// <summary>Its state. Only looked at by the query's own work, between its steps.</summary>
    public QueryState State { get; }

    /// <summary>Fires when somebody has ended the query.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Tells what has come of the answer in flight.</summary>
    public Func<string> Partial { get; set; } = static () => "";

    /// <summary>Tells why a request cannot be carried out here: a model that nobody can reach, say; null when it can. Called while nobody writes the state.</summary>
    public Func<ControlRow, string?> Objection { get; set; } = static _ => null;

    /// <summary>Whether it is held.</summary>
    public bool IsHeld => IsSuspended;

    /// <summary>What went wrong with the log, if anything did.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Something was asked of it.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    /// <summary>Tells those who must know at once whether it is held.</summary>
    public HoldSwitch Hold { get; } = new();

    /// <summary>The queen holds the task, or lets it go on.</summary>
    public void Suspend(bool suspended)
    {
        lock (_lock)
        {
            _suspended = suspended;
            if (!suspended) _open.TrySetResult();
            else if (_open.Task.IsCompleted) _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Hold.Set(suspended);
        Wake();
    }

    /// <summary>Waits while the query is held.</summary>
    public async Task WaitOpenAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task open;
            lock (_lock) open = _open.Task;
            if (open.IsCompleted && Fault is null) return;
            if (Fault is { } fault) throw new QueryLogException($"the query's log cannot be written: {fault.Message}", fault);
            await open.WaitAsync(cancel);
        }
    }

    /// <summary>Says whether the query is held, to those who have something that others wait for.</summary>
    /// <exception cref="QueryHeldException">It is.</exception>
    public void RequireOpen()
    {
        lock (_lock)
            if (!_open.Task.IsCompleted) throw new QueryHeldException();
    }

    /// <summary>Asks the queen to hold the task, and waits until she lets it go on.</summary>
    public async Task HoldAsync(string by, string why, CancellationToken cancel)
    {
        await RequestHoldAsync(by, why);
        await WaitOpenAsync(cancel);
    }

    /// <summary>Asks the queen to hold the task.</summary>
    public async Task RequestHoldAsync(string by, string why)
    {
        (_holder, _why) = (by, why);
        var refusal = await _host.HoldAsync(Identity.Run, Identity.Task, held: true, by, _closing.Token);
        if (refusal is not null && !IsSuspended) throw new QueryLogException($"the task could not be held ({why}): {refusal}");
        // She tells by Suspend as soon as the pause is durable, which may be a moment later.
        Suspend(true);
    }

    /// <summary>Completes with the next event that is not this caller's own.</summary>
    public Task Changed()
    {
        lock (_lock) return _changed.Task;
    }

    /// <summary>Appends events; they are durable when the task completes.</summary>
    public async Task AppendAsync(params IReadOnlyList<QueryEvent> events)
    {
        if (events.Count == 0) return;
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await WriteAsync(events, []);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Appends what follows from the state, while nobody else writes it.</summary>
    public async Task AppendAsync(Func<QueryState, IReadOnlyList<QueryEvent>> follows)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            if (follows(State) is { Count: > 0 } events) await WriteAsync(events, []);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Looks at the state while nobody writes it.</summary>
    public async Task<T> LookAsync<T>(Func<QueryState, T> look)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            return look(State);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _pump;
        if (State.End is not null && Fault is null) await SettleRestAsync();
        Announce();
        _closing.Dispose();
        _ended.Dispose();
        _writing.Dispose();
        _wake.Dispose();
    }

    /// <summary>Who wanted the hold that was asked for here, and why.</summary>
    private string? _holder, _why;

    private bool IsSuspended
    {
        get
        {
            lock (_lock) return _suspended;
        }
    }

    private async Task WriteAsync(IReadOnlyList<QueryEvent> events, IReadOnlyList<(long Id, string Outcome)> took)
    {
        var at = _time.GetUtcNow();
        if (at < State.LastAt) at = State.LastAt;
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        foreach (var e in events) QueryCore.Apply(State, e, at);
        try
        {
            await _store.AppendAsync(Identity, State, events, took);
        }
        catch (Exception e)
        {
            // The state is ahead of the log now: it is given up, and the log is the truth.
            Fault = e;
            throw;
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_closing.Token);
                await TakeAsync();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The query's work is over.
        }
#pragma warning disable CA1031 // the query's work ends with it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault ??= e;
            lock (_lock) _open.TrySetResult();
            await _ended.CancelAsync();
        }
    }

    /// <summary>Takes what was asked, and shows in the log whether the query is held.</summary>
    private async Task TakeAsync()
    {
        var asked = _store.Controls(Identity.Id, history: false);
        if (State.Start is null || State.End is not null) return;
        foreach (var hold in asked.Where(c => c.Op is QueryOps.Pause or QueryOps.Resume))
        {
            // She tells by Suspend; that is when it is taken.
            if (hold.Op == QueryOps.Pause != IsSuspended) await _host.HoldAsync(Identity.Run, Identity.Task, hold.Op == QueryOps.Pause, hold.By, _closing.Token);
        }

        var ends = asked.FirstOrDefault(c => c.Op == QueryOps.Terminate);
        await _writing.WaitAsync(_closing.Token);
        try
        {
            // Nobody writes meanwhile: the attempt that she cancels would end the query in its own words, and nobody would hear who ended it.
            if (ends is not null && State.End is null) await _host.CancelAsync(Identity.Run, Identity.Task, ends.By, _closing.Token);
            await TakeAllAsync(asked);
        }
        finally
        {
            _writing.Release();
        }

        Announce();
        if (State.End is not null) await _ended.CancelAsync();
    }

    private async Task TakeAllAsync(IReadOnlyList<ControlRow> asked)
    {
        if (State.End is not null) return;
        var events = new List<QueryEvent>();
        var took = new List<(long, string)>();
        foreach (var control in asked)
        {
            var outcome = control.Op switch
            {
                QueryOps.Pause => IsSuspended ? "paused" : null,
                QueryOps.Resume => IsSuspended ? null : "resumed",
                _ => Objection(control) is { } why ? $"refused: {why}" : QueryControls.Take(State, control, events, Partial()),
            };
            if (outcome is not null) took.Add((control.Id, outcome));
        }

        var by = asked.LastOrDefault(c => c.Op is QueryOps.Pause or QueryOps.Resume)?.By ?? _holder ?? "queen";
        if (IsSuspended && State.Status == QueryStatus.Running) events.Insert(0, new QueryPaused(by, _why ?? $"held by {by}"));
        else if (!IsSuspended && State.Status == QueryStatus.Paused)
        {
            events.Insert(0, new QueryResumed(by));
            // Only now: a hold that was asked for a moment ago may not have come yet.
            (_holder, _why) = (null, null);
        }

        if (events.Count > 0) await WriteAsync(events, took);
        else foreach (var (id, outcome) in took) await _store.SettleAsync(id, outcome, CancellationToken.None);
    }

    /// <summary>The query is over, perhaps by the run before the request to end it was taken: nobody will take what is left.</summary>
    private async Task SettleRestAsync()
    {
        foreach (var left in _store.Controls(Identity.Id, history: false))
        {
            var wanted = left.Op == QueryOps.Terminate && State.Status == QueryStatus.Terminated;
            await _store.SettleAsync(left.Id, wanted ? "terminated" : $"refused: the query is over ({State.Status})", CancellationToken.None);
        }
    }

    private void Announce()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}

/// <summary>The query is held, and what was to be done cannot wait for its end.</summary>
internal sealed class QueryHeldException() : Exception("the query is held");
