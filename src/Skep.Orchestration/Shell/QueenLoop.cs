using System.Threading.Channels;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Watches a run. Called on the queen's own thread, after the events are durable: be quick, and do not keep the state.</summary>
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
        // Only reached when thousands wait: the caller is a worker, and slowing it down is the point.
        _ = WriteSlowlyAsync(letter);
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
            while (!_state.Status.IsEnded())
            {
                SetTimer();
                if (!await _inbox.Reader.WaitToReadAsync(stop)) break;
                TakeBatch();
                await CommitAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process is to end. What is in flight stays so in the log; whoever resumes the run records it as lost.
        }
        finally
        {
            await _timer.DisposeAsync();
            _inbox.Writer.TryComplete();
            while (_inbox.Reader.TryRead(out var letter)) letter.Reply?.TrySetResult("the run has ended");
            foreach (var (reply, _) in _replies) reply.TrySetResult("the request could not be recorded");
        }
    }

    private void TakeBatch()
    {
        _now = Moment();
        for (var taken = 0; taken < MaxBatch && _inbox.Reader.TryRead(out var letter); taken++)
        {
            var decision = Queen.Decide(_state, letter.Input, _now);
            _events.AddRange(decision.Events);
            _effects.AddRange(decision.Effects);
            if (letter.Reply is { } reply) _replies.Add((reply, decision.Refusal));
        }
    }

    private async Task CommitAsync()
    {
        var recorded = await _log.AppendAsync(_state, _events, _now);
        foreach (var observer in _observers)
            if (recorded.Count > 0) observer.OnAdvanced(_state, recorded);
        foreach (var effect in _effects) _perform(effect);
        foreach (var (reply, refusal) in _replies) reply.TrySetResult(refusal);
        _events.Clear();
        _effects.Clear();
        _replies.Clear();
    }

    /// <summary>One moment for a whole batch, as precise as the log keeps it, and never before the last event.</summary>
    private DateTimeOffset Moment()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        return now > _state.LastAt ? now : _state.LastAt;
    }

    private void SetTimer()
    {
        if (Queen.NextTick(_state) is not { } due || (_timerDue <= due && _timerDue > _time.GetUtcNow())) return;
        _timerDue = due;
        var wait = due - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

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
