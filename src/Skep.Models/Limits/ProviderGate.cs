namespace Skep.Models.Limits;

/// <summary>
/// The gate of one provider: a <see cref="RateScheduler"/> with a clock, a lock, one timer and a circuit breaker around it. Calls wait as tasks; no thread and no
/// timer is spent on a waiting one.
/// </summary>
public sealed class ProviderGate : IProviderGate, IRateLimitObserver, IDisposable
{
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly string _provider;
    private readonly GateOptions _options;
    private readonly TimeProvider _time;
    private readonly RateScheduler _scheduler;
    private readonly ProviderBreaker _breaker;
    private readonly ITimer _timer;
    private readonly long _epoch;
    private TimeSpan _timerAt = RateScheduler.Never;
    private bool _disposed;

    /// <summary>Makes the gate of a provider.</summary>
    /// <param name="provider">Its name, for messages.</param>
    /// <param name="options">Limits and bounds.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit cannot be kept.</exception>
    public ProviderGate(string provider, GateOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Limits.Check();
        if (options.MaxWaiting < 1) throw new ArgumentOutOfRangeException(nameof(options), options.MaxWaiting, "MaxWaiting must be at least 1, or no call could ask for a turn.");
        (_provider, _options, _time) = (provider, options, time);
        _scheduler = new RateScheduler(options);
        _breaker = new ProviderBreaker(options.Breaker, time);
        _epoch = time.GetTimestamp();
        _timer = time.CreateTimer(static gate => ((ProviderGate)gate!).TimerFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_epoch);

    /// <summary>How things stand.</summary>
    public GateStatus Status
    {
        get
        {
            lock (_lock)
            {
                var held = _scheduler.HeldUntil > Now ? _scheduler.HeldUntil - Now : TimeSpan.Zero;
                return new(_scheduler.Waiting, _scheduler.InFlight, held, _scheduler.PacedAt, _breaker.OpenFor, _scheduler.RequestLimit, _scheduler.TokenLimit);
            }
        }
    }

    /// <inheritdoc />
    public ValueTask<IProviderTurn> EnterAsync(string agent, long tokens, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return ValueTask.FromCanceled<IProviderTurn>(cancel);
        var turn = new Turn(this, agent, tokens);
        Task<IProviderTurn> waiting;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_breaker.OpenFor is { } open) return ValueTask.FromException<IProviderTurn>(CircuitOpen(open));
            if (!_scheduler.Ask(turn)) return ValueTask.FromException<IProviderTurn>(Full());
            Pump_NeedsLock();
            if (turn.State == TicketState.InFlight) return new(turn);
            waiting = turn.Wait();
        }

        turn.GiveUpOn(cancel);
        return new(waiting);
    }

    /// <summary>What an answer, good or bad, says about limits. One that is configured stays when it is lower.</summary>
    /// <param name="requests">Of requests.</param>
    /// <param name="tokens">Of tokens; where a provider tells input and output apart, the scarcer.</param>
    public void Learn(RateHint requests, RateHint tokens)
    {
        lock (_lock)
        {
            _scheduler.Learn(requests, tokens, Now);
            Pump_NeedsLock();
        }
    }

    /// <inheritdoc />
    public void Observe(RateLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Learn(new RateHint(limits.RequestLimit, limits.RequestsLeft, limits.RequestsReset), new RateHint(limits.TokenLimit, limits.TokensLeft, limits.TokensReset));
    }

    /// <summary>Calls that wait end with <see cref="ObjectDisposedException"/>; calls in flight may settle.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
            foreach (var turn in _scheduler.Drain()) ((Turn)turn).Refuse(new ObjectDisposedException(nameof(ProviderGate), $"The gate of provider '{_provider}' was closed while a call waited."));
        }
    }

    private void Answering(Turn turn)
    {
        lock (_lock)
        {
            _scheduler.Answering(turn, Now);
            Pump_NeedsLock();
        }
    }

    private void Done(Turn turn, long? tokens)
    {
        lock (_lock)
        {
            if (turn.State != TicketState.InFlight) return;
            _scheduler.Done(turn, tokens, Now);
            _breaker.Report(worked: true);
            Pump_NeedsLock();
        }
    }

    private void Abandoned(Turn turn)
    {
        lock (_lock)
        {
            _scheduler.Failed(turn, Now);
            Pump_NeedsLock();
        }
    }

    private void Failed(Turn turn, ModelException fault)
    {
        lock (_lock)
        {
            if (turn.State != TicketState.InFlight) return;
            if (fault.SlowsProvider) _scheduler.Refused(turn, fault.RetryAfter, Now, isRate: fault.Fault == ModelFault.RateLimited);
            else if (ProviderBreaker.IsFailure(fault.Fault)) Broken_NeedsLock(turn);
            else if (fault.Fault == ModelFault.CircuitOpen) _scheduler.Failed(turn, Now);
            else Judged_NeedsLock(turn, fault);
            Pump_NeedsLock();
        }
    }

    /// <summary>The request is at fault, not the provider: it works.</summary>
    private void Judged_NeedsLock(Turn turn, ModelException fault)
    {
        // What was turned away at the door took no tokens; what was filtered may have.
        _scheduler.Done(turn, fault.Fault == ModelFault.Filtered ? null : 0, Now);
        _breaker.Report(worked: true);
    }

    private void Broken_NeedsLock(Turn turn)
    {
        _scheduler.Failed(turn, Now);
        if (!_breaker.Report(worked: false) || _breaker.OpenFor is not { } open) return;
        _scheduler.HoldForProbe(Now + open);
        foreach (var waiting in _scheduler.Drain()) ((Turn)waiting).Refuse(CircuitOpen(open));
    }

    private void Cancel(Turn turn, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_scheduler.Cancel(turn)) return;
            turn.Cancelled(cancel);
            Pump_NeedsLock();
        }
    }

    private void TimerFired()
    {
        lock (_lock)
        {
            _timerAt = RateScheduler.Never;
            Pump_NeedsLock();
        }
    }

    private void Pump_NeedsLock()
    {
        if (_disposed) return;
        while (_scheduler.Next(Now) is { } turn) ((Turn)turn).Go();
        Arm_NeedsLock(_scheduler.NextStart(Now));
    }

    private void Arm_NeedsLock(TimeSpan at)
    {
        if (at == _timerAt) return;
        _timerAt = at;
        // In whole milliseconds, rounded up: a timer that fires too early finds nothing to do.
        var wait = at == RateScheduler.Never ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Ceiling((at - Now).TotalMilliseconds));
        if (at != RateScheduler.Never) wait = wait < ShortestTimer ? ShortestTimer : wait > LongestTimer ? LongestTimer : wait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private ModelException CircuitOpen(TimeSpan openFor) => new(
        ModelFault.CircuitOpen,
        $"Provider '{_provider}' failed too often just now, so nothing is sent to it. It is tried again in {Math.Ceiling(openFor.TotalSeconds):0} s. If this goes on, look at its status page and at the address it is configured with.")
    { RetryAfter = openFor };

    private ModelException Full() => new(
        ModelFault.RateLimited,
        $"{_options.MaxWaiting} calls wait for a turn at provider '{_provider}' already, which is the most that may (MaxWaiting). Run fewer agents at once, or use a provider or a key with higher limits.");

    /// <summary>A ticket that its caller can wait for and settle.</summary>
    private sealed class Turn(ProviderGate gate, string agent, long tokens) : RateTicket(agent, tokens), IProviderTurn
    {
        private TaskCompletionSource<IProviderTurn>? _waiting;
        private CancellationTokenRegistration _cancel;

        // Continuations run elsewhere, so that these may be completed under the gate's lock.
        public Task<IProviderTurn> Wait() => (_waiting = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void GiveUpOn(CancellationToken cancel)
        {
            if (!cancel.CanBeCanceled) return;
            _cancel = cancel.UnsafeRegister(static (turn, token) => ((Turn)turn!).CancelBy(token), this);
            if (_waiting!.Task.IsCompleted) _cancel.Unregister();
        }

        public void Go()
        {
            if (_waiting?.TrySetResult(this) == true) _cancel.Unregister();
        }

        public void Refuse(Exception why)
        {
            if (_waiting?.TrySetException(why) == true) _cancel.Unregister();
        }

        public void Cancelled(CancellationToken cancel) => _waiting?.TrySetCanceled(cancel);

        void IProviderTurn.Answering() => gate.Answering(this);

        void IProviderTurn.Done(long? tokens) => gate.Done(this, tokens);

        void IProviderTurn.Failed(ModelException fault) => gate.Failed(this, fault);

        void IProviderTurn.Abandoned() => gate.Abandoned(this);

        private void CancelBy(CancellationToken token) => gate.Cancel(this, token);
    }
}
