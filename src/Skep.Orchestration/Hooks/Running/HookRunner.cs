using System.Globalization;
using Skep.Orchestration.Output;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Runs hooks' commands with the machinery of tasks' commands: same environment rules, masking, process groups and logs.</summary>
/// <param name="command">The executor of commands.</param>
internal sealed class HookRunner(IExecutor command)
{
    /// <summary>Bytes that are kept of one hook's output.</summary>
    public const long MaxOutputBytes = 1024 * 1024;

    private const string Prefix = "SKEP_HOOK";

    /// <summary>Runs a hook and returns what came of it; never throws.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="around">The attempt, or the run, that it stands around.</param>
    /// <param name="told">What it is told beside the event, as environment variables <c>SKEP_HOOK_…</c>.</param>
    /// <param name="context">Takes its heartbeats and tells it of pauses; its time limit stands still in these.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<HookOutcome> RunAsync(
        HookCommand hook, AttemptRequest around, IReadOnlyDictionary<string, string> told, IAttemptContext context, CancellationToken cancel)
    {
        if (hook.Problem is { } problem) return Ended(hook, null, problem, TimeSpan.Zero, cancel);
        var began = context.Time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var limit = new PausableTimeout(hook.Spec.Timeout, context.Time, stop.Cancel);
        context.OnSuspend(limit.Suspend);
        var result = await ExecuteAsync(Request(hook, around, told), context, stop.Token);
        var elapsed = context.Time.GetElapsedTime(began);
        if (limit.IsOver && result.ExitCode is null)
            return Ended(hook, null, string.Create(CultureInfo.InvariantCulture, $"stopped: it took longer than {hook.Spec.Timeout.TotalSeconds:0.###} s (timeout)"), elapsed, cancel);
        return Ended(hook, result.ExitCode, Said(result), elapsed, cancel);
    }

    private static HookOutcome Ended(HookCommand hook, int? exitCode, string text, TimeSpan elapsed, CancellationToken cancel)
    {
        var blocks = exitCode != 0 && hook.Spec.Block && HookEvents.CanBlock(hook.Spec.On) && !(exitCode is null && cancel.IsCancellationRequested);
        return new HookOutcome(hook.Spec.On, hook.Display, exitCode, blocks, Text.Shorten(text, Queen.MaxHookText), elapsed);
    }

    private async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        try
        {
            return await command.ExecuteAsync(request, context, cancel);
        }
#pragma warning disable CA1031 // whatever an executor throws is the hook's failure
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AttemptResult.Failure(e.Message);
        }
    }

    private static AttemptRequest Request(HookCommand hook, AttemptRequest around, IReadOnlyDictionary<string, string> told)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in told)
            if (name.StartsWith(Prefix + "_", StringComparison.Ordinal)) facts[name] = value;
        facts[Prefix] = hook.Spec.On;
        return around with
        {
            Argv = hook.Argv,
            Script = hook.Spec.Run!.Script,
            Prompt = null,
            Produces = [],
            Told = facts,
            Part = hook.Part,
            WorkingDirectory = around.Workspace,
            Limits = new AgentLimits(OutputBytes: MaxOutputBytes),
        };
    }

    /// <summary>The last line, which is where programs say what is wrong; without any, why it ended.</summary>
    private static string Said(AttemptResult result)
    {
        var lines = TerminalText.Strip(result.LogTail.TrimEnd()).Split('\n');
        // What was noted about the command (something that it left running, say) stands below its own words.
        var line = (Array.FindLast(lines, l => l.Trim().Length > 0 && !l.StartsWith(AttemptLog.NoteMark, StringComparison.Ordinal)) ?? lines[^1]).Trim();
        return result.ExitCode is null || line.Length == 0 ? result.ExitCode == 0 ? "" : result.Error ?? line : line;
    }
}
