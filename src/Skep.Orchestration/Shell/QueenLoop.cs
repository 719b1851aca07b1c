using System.Collections.Concurrent;
using System.Threading.Channels;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Watches a run. Called on the queen's own thread, after the events are durable: be quick, and do not keep the state. One that throws is not called again.</summary>
public interface IRunObserver
{
    /// <summary>Events have happened; the state contains them.</summary>
    void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events);
}

/// <summary>
/// The thin shell around <see cref="Queen"/>: takes inputs from a bounded channel, decides, appends the events, and only when these are
/// durable performs the effects. All inputs that have gathered share one append, so that one flush of the disk carries many completions.
/// </summary>
internal sealed class QueenLoop
{
    /// <summary>Most inputs that wait for the queen; whoever brings more waits.</summary>
    public const int MaxWaitingInputs = 16 * 1024;

    /// <summary>Longest wait that a timer is set to; a runtime's timers end at 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Most inputs that share one append.</summary>
    public const int MaxBatch = 4096;

    private readonly Channel<Letter> _inbox = Channel.CreateBounded<Letter>(new BoundedChannelOptions(MaxWaitingInputs) { SingleReader = true });
    private readonly RunState _state;
    private readonly RunLog _log;
    private readonly TimeProvider _time;
    private readonly Action<RunEffect> _perform;
    private readonly List<IRunObserver> _observers;
    private readonly List<RunEvent> _events = [];
    private readonly List<RunEffect> _effects = [];
    private readonly List<(TaskCompletionSource<string?> Reply, string? Refusal)> _replies = [];
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<RunInput> _late = new();
    private volatile bool _closed;

    /// <summary>What the timer is set to, or null when it has fired; a timer may fire a little before the clock has got there.</summary>
    private DateTimeOffset? _timerDue;
    private DateTimeOffset _now;

    public QueenLoop(RunState state, RunLog log, TimeProvider time, IEnumerable<IRunObserver> observers, Action<RunEffect> perform)
    {
        (_state, _log, _time, _perform, _observers) = (state, log, time, perform, [.. observers]);
        _timer = time.CreateTimer(_ => Tell(Tick.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Brings an input; waits when the queen is behind.</summary>
    public void Tell(RunInput input)
    {
        var letter = new Letter(input, null);
        if (_inbox.Writer.TryWrite(letter)) return;
        if (input is HookReported && _closed)
        {
            if (_late.Count < Queen.MaxRunHookRecords) _late.Enqueue(input);
            return;
        }

        // Only reached when thousands wait. Of the rest there are at most a few per attempt in flight.
        if (input is not WorkerProgress) _ = WriteSlowlyAsync(letter);
    }

    /// <summary>Brings a control request; completes when its consequences are durable, with the reason when it was refused.</summary>
    public async Task<string?> AskAsync(RunInput input, CancellationToken cancel)
    {
        var reply = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _inbox.Writer.WriteAsync(new Letter(input, reply), cancel);
        }
        catch (ChannelClosedException)
        {
            return "the run has ended";
        }

        return await reply.Task.WaitAsync(cancel);
    }

    /// <summary>Works until the run has ended or <paramref name="stop"/> fires.</summary>
    /// <exception cref="StorageException">Events could not be made durable: the state in memory is ahead of the log and is given up.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            // No timer before the first input: that says how things stand, and what is long overdue in the log of a run taken up again is not.
            while (!_state.Status.IsEnded())
            {
                if (!await _inbox.Reader.WaitToReadAsync(stop)) break;
                TakeBatch();
                await CommitAsync();
                SetTimer();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process is to end. What is in flight stays so in the log; whoever resumes the run records it as lost.
        }
        finally
        {
            await _timer.DisposeAsync();
            _closed = true;
            _inbox.Writer.TryComplete();
            while (_inbox.Reader.TryRead(out var letter))
            {
                letter.Reply?.TrySetResult("the run has ended");
                if (letter.Input is HookReported late) _late.Enqueue(late);
            }

            foreach (var (reply, _) in _replies) reply.TrySetResult(NotRecorded);
        }
    }

    /// <summary>Records what is said after the end: beside <paramref name="inputs"/>, hooks' words that came when nobody took them any more.</summary>
    /// <exception cref="StorageException">It could not be made durable.</exception>
    public async Task RecordLateAsync(IReadOnlyList<RunInput> inputs)
    {
        _now = Moment();
        while (_late.TryDequeue(out var late)) Decide(late);
        foreach (var input in inputs) Decide(input);
        if (_events.Count > 0) await CommitAsync();
    }

    private void TakeBatch()
    {
        _now = Moment();
        if (Overslept()) Decide(Orchestration.Overslept.Instance);
        for (var taken = 0; taken < MaxBatch && _inbox.Reader.TryRead(out var letter); taken++)
        {
            if (letter.Input is Tick)
            {
                _timerDue = null;
                continue;
            }

            // Noted before it is decided on, so that whoever asked hears of it even if that fails.
            if (letter.Reply is { } reply) _replies.Add((reply, NotRecorded));
            var refusal = Decide(letter.Input);
            if (letter.Reply is not null) _replies[^1] = (_replies[^1].Reply, refusal);
        }

        // After all that has been said, so that a sign of life counts before its lease is looked at.
        if (Queen.NextTick(_state) <= _now) Decide(Tick.Instance);
    }

    private string? Decide(RunInput input)
    {
        var decision = Queen.Decide(_state, input, _now);
        _events.AddRange(decision.Events);
        _effects.AddRange(decision.Effects);
        return decision.Refusal;
    }

    /// <summary>Whether the queen wakes much later than she wanted to: the machine slept, or she waited for the disk.</summary>
    private bool Overslept() => _timerDue is { } due && _now - due > _state.Plan.Swarm.Lease / 10;

    private async Task CommitAsync()
    {
        var recorded = await _log.AppendAsync(_state, _events, _now);
        if (recorded.Count > 0) _observers.RemoveAll(observer => !Show(observer, recorded));
        foreach (var effect in _effects) _perform(effect);
        foreach (var (reply, refusal) in _replies) reply.TrySetResult(refusal);
        _events.Clear();
        _effects.Clear();
        _replies.Clear();
    }

    /// <summary>Shows what happened; whoever cannot watch any more (a closed terminal, say) is not shown more, and the run goes on.</summary>
    private bool Show(IRunObserver observer, IReadOnlyList<RecordedEvent> recorded)
    {
        try
        {
            observer.OnAdvanced(_state, recorded);
            return true;
        }
#pragma warning disable CA1031 // a spectator's failure is not the run's
        catch
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>One moment for a whole batch, as precise as the log keeps it, and never before the last event.</summary>
    private DateTimeOffset Moment()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        return now > _state.LastAt ? now : _state.LastAt;
    }

    private void SetTimer()
    {
        if (Queen.NextTick(_state) is not { } due || _timerDue <= due) return;
        // Up to whole milliseconds, which is what timers know and how moments are counted: a due time is never met too early.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((due - _time.GetUtcNow()).TotalMilliseconds) + 1);
        if (wait > LongestWait) (due, wait) = (_time.GetUtcNow() + LongestWait, LongestWait);
        _timerDue = due;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private const string NotRecorded = "the request could not be recorded";

    private async Task WriteSlowlyAsync(Letter letter)
    {
        try
        {
            await _inbox.Writer.WriteAsync(letter);
        }
        catch (ChannelClosedException)
        {
            // The run has ended; nobody waits for this word.
        }
    }

    private readonly record struct Letter(RunInput Input, TaskCompletionSource<string?>? Reply);
}
