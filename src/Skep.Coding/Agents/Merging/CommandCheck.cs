using Skep.Coding.Merging;
using Skep.Orchestration;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>Checks a candidate with the plan's command, run in the candidate's worktree as any command task is run. Without a command everything passes.</summary>
/// <param name="commands">Runs commands.</param>
/// <param name="merge">What the plan says.</param>
/// <param name="like">An attempt of the run, whose environment the command gets.</param>
/// <param name="subfolder">Where in the repository the workspace lies, relative; empty for its root.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandCheck(IExecutor commands, MergeSpec merge, AttemptRequest like, string subfolder, TimeProvider time) : ICandidateCheck
{
    /// <inheritdoc />
    public async Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel)
    {
        if (merge.Check is not { } check) return new CheckVerdict(true, "the plan asks for no check");
        using var late = new CancellationTokenSource(merge.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var result = await commands.ExecuteAsync(RequestOf(candidate, check), new SilentContext(time), either.Token);
        cancel.ThrowIfCancellationRequested();
        if (late.IsCancellationRequested && result.Outcome != AttemptOutcome.Succeeded) return new CheckVerdict(false, $"'{check.Display}' did not end within {Quantity.Seconds(merge.Timeout)}\n{result.LogTail}");
        if (result.Outcome == AttemptOutcome.Succeeded) return new CheckVerdict(true, result.LogTail);
        // Without an exit code the command was not run to an end of its own: that says nothing about the candidate.
        return result.ExitCode is { } code ? new CheckVerdict(false, $"'{check.Display}' ended with {code}\n{result.LogTail}")
            : throw new CodingException($"the check '{check.Display}' could not be run: {result.Error}");
    }

    private AttemptRequest RequestOf(Candidate candidate, CommandSpec check) => like with
    {
        TaskId = candidate.Work.Task,
        Attempt = candidate.Work.Attempt,
        AgentName = candidate.Work.Agent,
        Part = $"check-{candidate.Check}",
        Argv = check.Argv,
        Script = check.Script,
        Prompt = null,
        Produces = [],
        Limits = new AgentLimits(),
        WorkingDirectory = Path.Combine(candidate.Path, subfolder),
        Told = new Dictionary<string, string> { ["SKEP_CANDIDATE"] = candidate.Commit, ["SKEP_TARGET"] = candidate.Target, ["SKEP_TARGET_TIP"] = candidate.Tip },
    };

    /// <summary>A check tells nobody but its verdict.</summary>
    private sealed class SilentContext(TimeProvider time) : IAttemptContext
    {
        public TimeProvider Time => time;

        public void Heartbeat()
        {
        }

        public void Progress(string line)
        {
        }

        public void OnSuspend(Action<bool> handler)
        {
        }
    }
}
