using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Commands;

/// <summary>One attempt of a command, from start to result.</summary>
internal sealed class CommandAttempt(
    AttemptRequest request, IAttemptContext context, SecretMasker masker, IArtifactStore artifacts, CommandExecutorOptions options, TreeSampler sampler)
{
    private const string Shell = "/bin/sh";

    /// <summary>Runs it. Nothing that it started is alive afterwards, unless the kernel cannot end it, which the log then says.</summary>
    /// <exception cref="ProcessStartException">It cannot be started.</exception>
    /// <exception cref="IOException">The run's folder cannot be used.</exception>
    public async Task<AttemptResult> RunAsync(IReadOnlyDictionary<string, string> host, CancellationToken cancel)
    {
        OwnerOnly.CreateFolder(ChildEnvironment.WorkFolder(request));
        using var outputs = OutputFile.Create(request);
        using var log = new AttemptLog(request, context, masker);
        var environment = ChildEnvironment.Build(request, host, outputs.Path, options.SkepProgram, options.SkepClient);
        using var child = ChildProcess.Start(new ProcessStart(Argv(), environment, request.WorkingDirectory));
        var tree = new ProcessTree(child, ProcessMarker.OfAttempt(request), context.Time);
        try
        {
            return await SuperviseAsync(child, tree, log, outputs, cancel);
        }
        catch
        {
            await tree.StopAsync(TimeSpan.Zero);
            throw;
        }
    }

    private async Task<AttemptResult> SuperviseAsync(ChildProcess child, ProcessTree tree, AttemptLog log, OutputFile outputs, CancellationToken cancel)
    {
        using var limits = LimitWatch.Start(request.Limits, sampler, child, options.KillGrace);
        using var heartbeat = HeartbeatTimer.Start(request, context);
        context.OnSuspend(suspended => Suspend(child, tree, suspended));
        using var output = new OutputPump(child.Output, log, context.Time);

        var ended = await WaitForEndAsync(child, limits, cancel);
        if (ended) await StopLeftoversAsync(tree, output, log);
        else if (!await tree.StopAsync(options.KillGrace)) log.Note("some processes could not be ended: they do not react to KILL");
        if (!await output.FinishAsync(options.DrainTime)) log.Note("stopped reading the output: an unknown process still holds it open");
        // From here on nobody writes any more: neither output nor files.
        var result = Measured(limits, child) with { LogTail = log.Finish(), LogFile = log.RelativePath };
        result = await ConcludeAsync(result, ended ? await child.Exit : null, limits, outputs, cancel);
        return log.ExceedsTail ? await KeepFullLogAsync(result) : result;
    }

    /// <summary>
    /// A log that is longer than its tail becomes an artifact; a shorter one stands in the event itself. Either way it is as durable as the result.
    /// </summary>
    private async Task<AttemptResult> KeepFullLogAsync(AttemptResult result)
    {
        try
        {
            var log = await artifacts.PutAsync(result.LogFile!, Path.Combine(request.RunDirectory, result.LogFile!), CancellationToken.None);
            return result with { Artifacts = [.. result.Artifacts, log] };
        }
#pragma warning disable CA1031 // Work that is done does not fail for want of its log; the file is in the run's folder still.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return result with { LogTail = $"{result.LogTail}\n[skep: the full log could not be kept as an artifact: {masker.MaskText(e.Message)}]\n" };
        }
    }

    private static void Suspend(ChildProcess child, ProcessTree tree, bool suspended)
    {
        if (!child.Exit.IsCompleted) tree.Signal(suspended ? Signals.Stop : Signals.Continue);
    }

    private string[] Argv() => request.Script is { } script ? [Shell, "-c", script] : [.. request.Argv];

    /// <summary>Waits until the program ends by itself (true), a limit is exceeded or someone cancels.</summary>
    private static async Task<bool> WaitForEndAsync(ChildProcess child, LimitWatch limits, CancellationToken cancel)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.UnsafeRegister(static c => ((TaskCompletionSource)c!).TrySetResult(), cancelled);
        await Task.WhenAny(child.Exit, limits.Exceeded, cancelled.Task);
        return child.Exit.IsCompleted;
    }

    /// <summary>
    /// Ends what the program left in the background. What still writes gets a moment to finish first: a shell does not wait for <c>&gt; >(tee log)</c>.
    /// </summary>
    private async Task StopLeftoversAsync(ProcessTree tree, OutputPump output, AttemptLog log)
    {
        if (!tree.HasMembers()) return;
        // A process closes its output before it is gone.
        if (await output.WaitAsync(options.SettleTime) && await tree.WaitUntilGoneAsync(options.SettleTime)) return;
        var left = tree.Members();
        if (!tree.HasMembers()) return;
        var stopped = await tree.StopAsync(options.KillGrace);
        var names = string.Join(", ", left.Take(5).Select(p => $"{p.Pid} ({p.Name})"));
        log.Note(stopped ? $"stopped what the command left running: {names}" : $"could not end what the command left running: {names}");
    }

    private static AttemptResult Measured(LimitWatch limits, ChildProcess child)
    {
        var exit = child.Exit.IsCompletedSuccessfully ? child.Exit.Result : ProcessExit.Stolen;
        var cpu = Math.Max((exit.Cpu ?? TimeSpan.Zero).Ticks, limits.Cpu.Ticks);
        return new AttemptResult
        {
            Outcome = AttemptOutcome.Succeeded,
            CpuMs = exit.Cpu is null && cpu == 0 ? null : (long)TimeSpan.FromTicks(cpu).TotalMilliseconds,
            PeakRssBytes = exit.PeakRssBytes is { } one && limits.PeakRssBytes is { } all ? Math.Max(one, all) : exit.PeakRssBytes ?? limits.PeakRssBytes,
        };
    }

    private async Task<AttemptResult> ConcludeAsync(AttemptResult result, ProcessExit? exit, LimitWatch limits, OutputFile outputs, CancellationToken cancel)
    {
        if (exit is null)
        {
            return limits.Exceeded.IsCompleted
                ? Fail(result, await limits.Exceeded)
                : result with { Outcome = AttemptOutcome.Cancelled, Error = "cancelled" };
        }

        if (exit == ProcessExit.Stolen) return result with { Outcome = AttemptOutcome.Lost, Error = exit.ToString() };
        result = result with { ExitCode = exit.Code };
        if (exit.Code != 0) return Fail(result, limits.FromExit(exit) ?? exit + Hint(exit.Code));
        try
        {
            return result with
            {
                Outputs = masker.MaskOutputs(outputs.Read()),
                Artifacts = masker.MaskArtifacts(await ProducedFiles.StoreAsync(request, artifacts, cancel)),
            };
        }
        catch (FormatException e)
        {
            return Fail(result, e.Message, e is not OutputFormatException);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return result with { Outcome = AttemptOutcome.Cancelled, Error = "cancelled while its files were being kept" };
        }
#pragma warning disable CA1031 // The store may fail in ways of its own; the attempt's result says so.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(result, $"what the command produced could not be kept: {e.Message}");
        }
    }

    private AttemptResult Fail(AttemptResult result, string error, bool retryable = true) =>
        result with { Outcome = AttemptOutcome.Failed, Error = masker.MaskText(error), Retryable = retryable };

    private string Hint(int? code) => (request.Script, code) switch
    {
        (not null, 126) => " (the shell found a command but could not execute it)",
        (not null, 127) => " (the shell did not find a command; see the log)",
        _ => "",
    };
}
