namespace Skep.Orchestration.Coordination;

/// <summary>Wakes those who wait for messages. It carries nothing: what there is stands in the database.</summary>
internal sealed class MessageSignal
{
    private TaskCompletionSource _next = New();
    private int _waiting;

    /// <summary>Completes at the next message. Take it before looking, and nothing is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>How many requests wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Something was sent.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Looks until there is something, or the time is up; then null.</summary>
    /// <exception cref="RequestException">Too many wait already.</exception>
    public async Task<T?> UntilAsync<T>(Func<T?> look, TimeSpan limit, TimeProvider time, CancellationToken cancel)
        where T : class
    {
        if (Interlocked.Increment(ref _waiting) > Hooks.LedgerLimits.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new RequestException(RequestCodes.Refused, $"{Hooks.LedgerLimits.MaxWaiting} requests wait for messages already; look again later");
        }

        try
        {
            // One timer for the whole wait, and so one moment at which it ends, however often it is woken.
            using var over = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
            while (true)
            {
                var next = Next;
                if (look() is { } found) return found;
                try
                {
                    await next.WaitAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    return look();
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
