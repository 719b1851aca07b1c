using System.Buffers;

namespace Skep.Orchestration.Output;

/// <summary>Carries output from a pipe to the log. Waiting for output takes no thread.</summary>
internal sealed class OutputPump : IDisposable
{
    /// <summary>Bytes read at once; a pipe holds 64 KiB.</summary>
    private const int BufferBytes = 32 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _copying;

    /// <summary>Begins to carry.</summary>
    public OutputPump(Stream output, AttemptLog log, TimeProvider time)
    {
        _time = time;
        // On the pool: a program that always has output ready would otherwise keep the caller.
        _copying = Task.Run(() => CopyAsync(output, log, _stop.Token));
    }

    /// <summary>Waits for the end of the output, but not longer than this. Returns whether it ended.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit)
    {
        if (_copying.IsCompleted) return true;
        using var done = new CancellationTokenSource();
        await Task.WhenAny(_copying, Task.Delay(limit, _time, done.Token));
        await done.CancelAsync();
        return _copying.IsCompleted;
    }

    /// <summary>Reads to the end; false when it did not come in time and reading was given up.</summary>
    public async Task<bool> FinishAsync(TimeSpan limit)
    {
        var ended = await WaitAsync(limit);
        if (!ended) await _stop.CancelAsync();
        await _copying;
        return ended;
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private static async Task CopyAsync(Stream output, AttemptLog log, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            while ((count = await output.ReadAsync(buffer, stop)) > 0) log.Write(buffer.AsSpan(0, count));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Given up, or the pipe is broken: either way no more comes.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
