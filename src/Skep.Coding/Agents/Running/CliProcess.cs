using Skep.Agents;
using Skep.Orchestration;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;

namespace Skep.Coding.Agents;

/// <summary>How a coding CLI's process ended.</summary>
/// <param name="Exit">Its exit, or null when it was stopped.</param>
/// <param name="Exceeded">The limit that it exceeded, or null.</param>
/// <param name="CpuMs">CPU time of the tree, if known.</param>
/// <param name="PeakRssBytes">Peak memory of the tree, if known.</param>
internal sealed record CliExit(ProcessExit? Exit, string? Exceeded, long? CpuMs, long? PeakRssBytes);

/// <summary>Runs a coding CLI in a session of its own; nothing that it has started is alive afterwards.</summary>
internal sealed class CliProcess(AttemptRequest request, IAttemptContext context, HoldSwitch hold, AttemptLog log, CommandExecutorOptions options, TreeSampler sampler)
{
    /// <summary>Runs it and hands over what it writes, line by line.</summary>
    /// <param name="start">How it is started.</param>
    /// <param name="take">Takes a line, and whether it was cut.</param>
    /// <param name="replaced">Completes when another process is to go on: true where it stands still, and takes no further step; else it may end in its own way.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ProcessStartException">It cannot be started.</exception>
    public async Task<CliExit> RunAsync(ProcessStart start, Func<string, bool, ValueTask> take, Task<bool> replaced, CancellationToken cancel)
    {
        using var child = ChildProcess.Start(start);
        var tree = new ProcessTree(child, ProcessMarker.OfAttempt(request), context.Time);
        try
        {
            return await SuperviseAsync(child, tree, take, replaced, cancel);
        }
        catch
        {
            await tree.StopAsync(TimeSpan.Zero);
            throw;
        }
    }

    private async Task<CliExit> SuperviseAsync(ChildProcess child, ProcessTree tree, Func<string, bool, ValueTask> take, Task<bool> replaced, CancellationToken cancel)
    {
        using var limits = LimitWatch.Start(request.Limits, sampler, child, options.KillGrace);
        using var held = hold.OnChange(suspended => Suspend(child, tree, suspended));
        using var errors = new OutputPump(child.Errors!, log, context.Time);
        using var stop = new CancellationTokenSource();
        // On the pool: a program that always has output ready would otherwise keep the caller.
        var reading = Task.Run(() => LineReader.ReadAsync(child.Output, take, stop.Token), CancellationToken.None);
        var ended = await WaitForEndAsync(child, limits, reading, replaced, cancel);
        if (reading.IsFaulted) await reading;
        if (!ended || tree.HasMembers() && !await tree.WaitUntilGoneAsync(options.SettleTime))
            if (!await (StandsStill(replaced) ? tree.KillAsync() : tree.StopAsync(options.KillGrace))) log.Note("some processes could not be ended: they do not react to KILL");
        await Task.WhenAny(reading, Task.Delay(options.DrainTime, context.Time, CancellationToken.None));
        if (!reading.IsCompleted) log.Note("stopped reading the output: an unknown process still holds it open");
        await stop.CancelAsync();
        await reading;
        await errors.FinishAsync(options.DrainTime);
        var exit = child.Exit.IsCompletedSuccessfully ? await child.Exit : ProcessExit.Stolen;
        var cpu = Math.Max((exit.Cpu ?? TimeSpan.Zero).Ticks, limits.Cpu.Ticks);
        return new CliExit(
            ended ? exit : null,
            limits.Exceeded.IsCompleted ? await limits.Exceeded : ended ? limits.FromExit(exit) : null,
            exit.Cpu is null && cpu == 0 ? null : (long)TimeSpan.FromTicks(cpu).TotalMilliseconds,
            limits.PeakRssBytes ?? exit.PeakRssBytes);
    }

    /// <summary>Waits until the program ends by itself (true), or has to be ended.</summary>
    private static async Task<bool> WaitForEndAsync(ChildProcess child, LimitWatch limits, Task reading, Task<bool> replaced, CancellationToken cancel)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.UnsafeRegister(static c => ((TaskCompletionSource)c!).TrySetResult(), cancelled);
        // The end of its output is not its own end; only a reader that has failed is.
        _ = reading.ContinueWith(t => cancelled.TrySetResult(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await Task.WhenAny(child.Exit, limits.Exceeded, cancelled.Task, replaced);
        return child.Exit.IsCompleted;
    }

    private static bool StandsStill(Task<bool> replaced) => replaced is { IsCompletedSuccessfully: true, Result: true };

    private static void Suspend(ChildProcess child, ProcessTree tree, bool suspended)
    {
        if (!child.Exit.IsCompleted) tree.Signal(suspended ? Signals.Stop : Signals.Continue);
    }
}
