using System.Buffers;
using Skep.Orchestration;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>What became of a program.</summary>
/// <param name="Exit">How it ended; null when it was stopped.</param>
/// <param name="Problem">Why it was stopped, or what else there is to say.</param>
internal sealed record CommandEnd(ProcessExit? Exit, string? Problem);

/// <summary>One run of a program that a model asked for. Nothing that it started is alive afterwards.</summary>
internal sealed class CommandRun(AttemptRequest attempt, HoldSwitch hold, TimeProvider time, TreeSampler sampler, CommandExecutorOptions settings)
{
    private const int BufferBytes = 32 * 1024;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);

    /// <summary>Runs it.</summary>
    /// <exception cref="ProcessStartException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was stopped on request.</exception>
    public async Task<CommandEnd> RunAsync(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, TimeSpan limit, BoundedOutput output, CancellationToken cancel)
    {
        if (LimitWatch.Unenforceable(attempt.Limits) is { } unenforceable) throw new ToolRefusal(unenforceable);
        using var child = ChildProcess.Start(new ProcessStart(argv, environment, attempt.WorkingDirectory));
        var tree = new ProcessTree(child, ProcessMarker.OfAttempt(attempt), time);
        using var stopReading = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAsync(child.Output, output, stopReading.Token), CancellationToken.None);
        try
        {
            return await SuperviseAsync(child, tree, limit, cancel);
        }
        finally
        {
            // In every case, also when it ended by itself: what it left in the background would go on without anybody watching.
            await StopLeftoversAsync(tree, reading);
            await stopReading.CancelAsync();
            await reading;
        }
    }

    /// <summary>
    /// Ends what is left, until nobody holds the output. More than one look: a process that is just becoming another program has no environment to know it by.
    /// </summary>
    private async Task StopLeftoversAsync(ProcessTree tree, Task reading)
    {
        var started = time.GetTimestamp();
        for (var last = false; !last;)
        {
            last = reading.IsCompleted || time.GetElapsedTime(started) > settings.DrainTime;
            if (tree.HasMembers()) await tree.StopAsync(settings.KillGrace);
            if (!last) await Task.WhenAny(reading, Task.Delay(LookAgain, time));
        }
    }

    private async Task<CommandEnd> SuperviseAsync(ChildProcess child, ProcessTree tree, TimeSpan limit, CancellationToken cancel)
    {
        using var limits = LimitWatch.Start(attempt.Limits, sampler, child, settings.KillGrace);
        await WaitAsync(child, tree, limits, limit, cancel);
        if (child.Exit.IsCompleted)
        {
            var exit = await child.Exit;
            return new CommandEnd(exit, limits.FromExit(exit));
        }

        var stopped = await tree.StopAsync(settings.KillGrace);
        cancel.ThrowIfCancellationRequested();
        var why = limits.Exceeded.IsCompleted ? await limits.Exceeded : $"its time of {limit.TotalSeconds:0.#} s was up";
        return new CommandEnd(null, $"stopped, because {why}{(stopped ? "" : "; some of its processes do not react to KILL")}");
    }

    /// <summary>Waits until it ends, a limit is exceeded or somebody stops it. While the agent is held its processes stand still, and so does its time.</summary>
    private async Task WaitAsync(ChildProcess child, ProcessTree tree, LimitWatch limits, TimeSpan limit, CancellationToken cancel)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stop = cancel.UnsafeRegister(static o => ((TaskCompletionSource)o!).TrySetResult(), over);
        using var timeout = new PausableTimeout(limit, time, () => over.TrySetResult());
        using var held = hold.OnChange(still =>
        {
            timeout.Suspend(still);
            if (!child.Exit.IsCompleted) tree.Signal(still ? Signals.Stop : Signals.Continue);
        });
        await Task.WhenAny(child.Exit, limits.Exceeded, over.Task);
    }

    private static async Task ReadAsync(Stream from, BoundedOutput output, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, stop)) > 0) output.Add(buffer.AsSpan(0, count));
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
