using System.Collections.Concurrent;
using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>The merge queues at work in this process: one for each run and target, open while somebody uses it. Thread-safe.</summary>
internal sealed class MergeDesk(SkepHost host, IExecutor commands, TimeSpan retryWait) : IAsyncDisposable
{
    private readonly Dictionary<(string Run, string Target), OpenQueue> _open = [];
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Opens a run's queue, or joins those who use it.</summary>
    /// <exception cref="GitException">There is no such target.</exception>
    /// <exception cref="MergeLogException">Its log cannot be read.</exception>
    public async Task<MergeLease> OpenAsync(AttemptRequest request, MergeSpec merge, GitRepository git, string subfolder, CancellationToken cancel)
    {
        var key = (request.RunId, merge.Into);
        await _gate.WaitAsync(cancel);
        try
        {
            if (!_open.TryGetValue(key, out var open))
            {
                open = new OpenQueue();
                var check = new CommandCheck(commands, merge, request, subfolder, host.Time);
                var method = merge.Method == MergeKind.Merge ? MergeMethod.Merge : MergeMethod.Rebase;
                var options = new MergeQueueOptions(request.RunId, merge.Into, method, check) { RetryWait = retryWait, Observer = open.Tell };
                open.Queue = await MergeQueue.OpenAsync(git, host.Folder, new MergeStore(host.Store, host.Time), options, host.Time, cancel);
                _open[key] = open;
            }

            open.Users++;
            return new MergeLease(open, () => ReleaseAsync(key));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes a submission back, in the queue that is at work or, where none is, in its log.</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="MergeLogException">The queue's log cannot be read.</exception>
    public async Task<string?> WithdrawAsync(string run, string key, string by, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_open.Where(o => o.Key.Run == run).Select(o => o.Value.Queue).FirstOrDefault(q => q.Find(key) is not null) is { } queue) return await queue.WithdrawAsync(key, by);
            var store = new MergeStore(host.Store, host.Time);
            if (store.Find(run, key) is not { } row) return $"'{key}' has submitted nothing to a merge queue; 'skep merge list' shows what was submitted";
            var state = store.Load(run, row.Target);
            var decision = MergeCore.Decide(state, new WithdrawWork(key, by));
            foreach (var e in decision.Events) await store.AppendAsync(run, row.Target, state.Seq + 1, e, EntryRow.Of(state, e));
            return decision.Refusal;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open.Values) await open.Queue.DisposeAsync();
        _gate.Dispose();
    }

    private async ValueTask ReleaseAsync((string Run, string Target) key)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_open.TryGetValue(key, out var open) || --open.Users > 0) return;
            _open.Remove(key);
            await open.Queue.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }
}

/// <summary>A queue, and who listens to it.</summary>
internal sealed class OpenQueue
{
    public MergeQueue Queue { get; set; } = null!;

    public int Users { get; set; }

    /// <summary>Who hears of every event, on the queue's own thread.</summary>
    public ConcurrentDictionary<Action<MergeEvent>, bool> Listeners { get; } = [];

    public void Tell(MergeEvent recorded)
    {
        foreach (var (listener, _) in Listeners) listener(recorded);
    }
}

/// <summary>The use of a queue by one attempt.</summary>
internal sealed class MergeLease(OpenQueue open, Func<ValueTask> release) : IAsyncDisposable
{
    /// <summary>The queue.</summary>
    public MergeQueue Queue => open.Queue;

    /// <summary>Waits until a submission is over, and tells what hinders it.</summary>
    public async Task<MergeEntry> WaitAsync(string key, Action<string> held, CancellationToken cancel)
    {
        void Hear(MergeEvent recorded)
        {
            if (recorded is EntryHeld e && Queue.Find(key)?.Number == e.Entry) held(e.Why);
        }

        open.Listeners.TryAdd(Hear, true);
        try
        {
            return await Queue.WaitAsync(key, cancel);
        }
        finally
        {
            open.Listeners.TryRemove(Hear, out _);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => release();
}
