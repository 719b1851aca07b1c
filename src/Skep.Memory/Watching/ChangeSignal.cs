namespace Skep.Memory.Watching;

/// <summary>Wakes watchers. It carries nothing: what has changed stands in the database, so that no watcher needs a buffer and none holds up a writer.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next change. Take it before looking, and nothing is missed.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
