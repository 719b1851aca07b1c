namespace Skep.Memory.Caching;

/// <summary>Who waits for a flight.</summary>
internal sealed class Waiters<T> where T : class
{
    private readonly TaskCompletionSource<Versioned<T>> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<Versioned<T>> Task => _source.Task;

    internal void SetResult(in Versioned<T> value) => _source.TrySetResult(value);

    internal void Fail(Exception reason)
    {
        _source.TrySetException(reason);
        _ = _source.Task.Exception; // A refresh in the background may have nobody waiting.
    }
}
