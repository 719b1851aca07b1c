using System.Collections.Concurrent;
using Skep.Coding.Git;
using Skep.Storage;

namespace Skep.Coding.Merging;

/// <summary>
/// A merge queue at work: takes finished branches, integrates, checks and lands them one at a time, and hands back what cannot land. One queue of a
/// run and target is open at a time, in the process that owns the folder. Thread-safe.
/// </summary>
public sealed class MergeQueue : IAsyncDisposable
{
    private readonly GitRepository _git;
    private readonly MergeQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly MergeState _state;
    private readonly MergeDriver _driver;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<MergeEntry>> _waiters = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _closing = new();
    private Task _pump = Task.CompletedTask;

    private MergeQueue(GitRepository git, SkepFolder folder, MergeStore store, MergeQueueOptions options, TimeProvider time)
    {
        (_git, _options, _time) = (git, options, time);
        _state = store.Load(options.Run, options.Target);
        var work = Path.Combine(folder.RunPath(options.Run), "candidates", GitNames.Part(options.Target));
        var world = new GitMergeWorld(git, options.Run, options.Target, _state.Opened?.Method ?? options.Method, work);
        _driver = new MergeDriver(_state, new StoreLog(store, options), world, options.Check, Happened);
    }

    /// <summary>Why the queue has stopped for good, or null: its log cannot be written. Nothing was lost; a queue that is opened anew goes on.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Opens a queue and goes on where an earlier process has stopped.</summary>
    /// <exception cref="GitException">There is no such target, or git cannot be used.</exception>
    /// <exception cref="MergeLogException">Its log cannot be read.</exception>
    public static async Task<MergeQueue> OpenAsync(GitRepository git, SkepFolder folder, MergeStore store, MergeQueueOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(git);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        _ = await git.RequireTipAsync(options.Target, cancel);
        var queue = new MergeQueue(git, folder, store, options, time);
        await queue._driver.BeginAsync(new QueueOpened(options.Run, options.Target, options.Method), cancel);
        queue._pump = Task.Run(queue.PumpAsync, CancellationToken.None);
        return queue;
    }

    /// <summary>Submits a branch; it is durable when the task completes. The same key again is the same entry.</summary>
    /// <exception cref="GitException">The branch or the commit is not there.</exception>
    /// <exception cref="InvalidOperationException">The queue refuses it, or has stopped.</exception>
    public async Task SubmitAsync(BranchWork work, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!await _git.HasCommitAsync(work.Commit, cancel)) throw new GitException(GitFault.NotFound, $"commit {work.Commit} of branch '{work.Branch}' is not in the repository {_git.Root}: submit the commit that the worktree pool gave back");
        _ = GitNames.HeadRef(work.Branch);
        if (Fault is { } fault) throw new InvalidOperationException($"the merge queue for '{_options.Target}' has stopped: {fault.Message}", fault);
        if (await _driver.TellAsync(new SubmitWork(work)) is { } refusal) throw new InvalidOperationException(refusal);
        Poke();
    }

    /// <summary>Takes a submission back; durable when the task completes. A check of it that is under way is ended; branch and worktree stay. The same twice is one.</summary>
    /// <returns>Null, or why not: it has landed, was handed back, or is landing.</returns>
    /// <exception cref="InvalidOperationException">The queue has stopped.</exception>
    public async Task<string?> WithdrawAsync(string key, string by)
    {
        if (Fault is { } fault) throw Stopped(fault);
        var refusal = await _driver.TellAsync(new WithdrawWork(key, by));
        Poke();
        return refusal;
    }

    /// <summary>The entry of a submission, or null. It goes on changing until it is settled; its history is in <see cref="MergeStore"/>.</summary>
    public MergeEntry? Find(string key) => _state.Find(key);

    /// <summary>Waits until a submission is over: it has landed, was handed back with its evidence, or was withdrawn.</summary>
    /// <param name="key">Key of a submission.</param>
    /// <param name="cancel">Stops waiting; the submission goes on.</param>
    /// <exception cref="InvalidOperationException">Nothing was submitted under this key, or the queue has stopped.</exception>
    public async Task<MergeEntry> WaitAsync(string key, CancellationToken cancel)
    {
        if (_state.Find(key) is null) throw new InvalidOperationException($"nothing was submitted under '{key}' to the merge queue for '{_options.Target}': submit it first");
        var waiter = _waiters.GetOrAdd(key, static _ => new TaskCompletionSource<MergeEntry>(TaskCreationOptions.RunContinuationsAsynchronously));
        // Looked at after the waiter is known, so that an end in between is not missed.
        if (_state.FindSettled(key) is { } over) waiter.TrySetResult(over);
        if (Fault is { } fault) waiter.TrySetException(Stopped(fault));
        return await waiter.Task.WaitAsync(cancel);
    }

    /// <summary>Looks at once whether what hinders is gone.</summary>
    public void Poke()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    /// <summary>Stops, when the check that is under way has. What was submitted stays in the log, and goes on when the queue is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _pump;
        foreach (var (_, waiter) in _waiters) waiter.TrySetException(new InvalidOperationException($"the merge queue for '{_options.Target}' was closed"));
        _closing.Dispose();
        _driver.Dispose();
        _wake.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var result = await _driver.StepAsync(_closing.Token);
                if (result != DriveResult.Worked) await WaitAsync(result == DriveResult.Held);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closed.
        }
#pragma warning disable CA1031 // reaches everybody who waits
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault = e;
            foreach (var (_, waiter) in _waiters) waiter.TrySetException(Stopped(e));
        }
    }

    private async Task WaitAsync(bool held)
    {
        using var again = new CancellationTokenSource(held ? _options.RetryWait : Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(again.Token, _closing.Token);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    private void Happened(MergeEvent recorded)
    {
        var number = recorded switch { EntryLanded e => e.Entry, EntryHandedBack e => e.Entry, EntryWithdrawn e => e.Entry, _ => 0 };
        var settled = number > 0 ? _state.EntryList[number - 1] : null;
        if (settled is not null && _waiters.TryGetValue(settled.Work.Key, out var waiter)) waiter.TrySetResult(settled);
        _options.Observer?.Invoke(recorded);
    }

    private InvalidOperationException Stopped(Exception fault) => new($"the merge queue for '{_options.Target}' has stopped: {fault.Message}; what was submitted is kept, open the queue again", fault);

    private sealed class StoreLog(MergeStore store, MergeQueueOptions options) : IMergeLog
    {
        public Task AppendAsync(MergeState state, MergeEvent recorded) =>
            store.AppendAsync(options.Run, options.Target, state.Seq + 1, recorded, EntryRow.Of(state, recorded));
    }
}
