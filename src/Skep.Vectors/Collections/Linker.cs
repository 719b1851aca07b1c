using System.Threading.Channels;

namespace Skep.Vectors.Collections;

/// <summary>Moves new rows into the graph in the background, and holds inserts up while too many wait for it.</summary>
internal sealed class Linker : IAsyncDisposable
{
    private readonly CollectionState _state;
    private readonly Func<CancellationToken, Task> _afterwards;
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _waiting;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts to link.</summary>
    /// <param name="state">The collection.</param>
    /// <param name="afterwards">What is to be done when all is linked.</param>
    public Linker(CollectionState state, Func<CancellationToken, Task> afterwards)
    {
        (_state, _afterwards) = (state, afterwards);
        _loop = Task.Factory.StartNew(LoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Says that there are new rows.</summary>
    public void Wake() => _wanted.Writer.TryWrite(true);

    /// <summary>Waits until few enough rows wait for the graph.</summary>
    public async Task RoomAsync(CancellationToken cancel)
    {
        while (true)
        {
            var progress = Volatile.Read(ref _progress).Task;
            var index = _state.Current.Index;
            if (index.Count - index.Linked <= _state.Options.MaxUnlinked || index.Count < index.Options.GraphFrom || _loop.IsCompleted) return;
            Interlocked.Increment(ref _waiting);
            try
            {
                Wake();
                await progress.WaitAsync(cancel);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    /// <summary>Links what is there. The caller has <see cref="CollectionState.Maintenance"/>.</summary>
    public void Link(CancellationToken cancel)
    {
        try
        {
            // While inserts wait for room, nothing else is more urgent.
            _state.Current.Index.Link(Volatile.Read(ref _waiting) > 0 ? 0 : _state.Options.EffectiveLinkThreads, new Tell(this), cancel);
        }
        finally
        {
            Proceeded();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _wanted.Writer.TryComplete();
        await _loop;
        Proceeded();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            await foreach (var _ in _wanted.Reader.ReadAllAsync(_stop.Token)) await LinkAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The collection is being closed.
        }
    }

    private async Task LinkAsync()
    {
        try
        {
            await _state.Maintenance.WaitAsync(_stop.Token);
            try
            {
                Link(_stop.Token);
            }
            finally
            {
                _state.Maintenance.Release();
            }

            await _afterwards(_stop.Token);
        }
        catch (VectorException e)
        {
            _state.BackgroundFault = e;
        }
    }

    private void Proceeded() => Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private sealed class Tell(Linker linker) : IProgress<int>
    {
        public void Report(int value) => linker.Proceeded();
    }
}
