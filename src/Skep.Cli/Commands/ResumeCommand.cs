using System.CommandLine;
using Skep.Cli.Reading;
using Skep.Cli.Running;

namespace Skep.Cli.Commands;

/// <summary><c>skep resume</c>: takes a run up where its log ends, or lets a held one go on.</summary>
internal sealed class ResumeCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("A paused task that shall go on.");
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly RunShowOptions _show;

    public ResumeCommand(CliContext cli)
        : base("resume", "Goes on with a run where its log ends. After a crash, a kill or Ctrl-C; or lets a paused run or task go on. What is settled is not done again.", "skep resume", "skep resume demo-2026", "skep resume last build")
    {
        _cli = cli;
        _run = RunArguments.OptionalRun(cli, "Without it: the newest run that has not ended.");
        Add(_run);
        Add(_task);
        Add(_dir);
        _show = new RunShowOptions(this);
        SetAction((parsed, _) => ResumeAsync(parsed));
    }

    private async Task<int> ResumeAsync(ParseResult parsed)
    {
        var (folder, state) = await LookAsync(parsed);
        var (run, task) = (state.Info!.Run, parsed.GetValue(_task));
        if (state.Status.IsEnded())
            throw new CliException(ExitCodes.Refused, $"run {run} has {state.Status.Name()}; 'skep retry {run}' runs again what failed");
        if (await Control.OwnerThatStaysAsync(_cli, folder) is { } owner) return await ContinueElsewhereAsync(folder, owner, state, task);
        SayIfPlanChanged(state);
        return await ContinueHereAsync(_cli, folder, state, task, _show.Read(parsed));
    }

    private async Task<(SkepFolder Folder, RunState State)> LookAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = parsed.GetValue(_run) is { } word ? runs.Find(word) : RunLookup.LatestOpen(runs.Store);
        return (runs.Folder, runs.Load(run));
    }

    private async Task<int> ContinueElsewhereAsync(SkepFolder folder, ControlResponse owner, RunState state, string? task)
    {
        var run = state.Info!.Run;
        if (owner.Runs?.Contains(run) != true)
            throw new CliException(ExitCodes.Storage, $"process {owner.Pid} owns the folder and works on {(owner.Runs is { Count: > 0 } others ? string.Join(", ", others) : "no run")}; wait for its end, then resume {run}");
        if (task is null && state.Status != RunStatus.Paused)
            throw new CliException(ExitCodes.Refused, $"run {run} is being worked on already, by process {owner.Pid}; 'skep events {run} --follow --text' shows how it goes");
        return await Control.SendAsync(_cli, folder, new ControlRequest { Op = ControlOps.Continue, Run = run, Task = task }, task is null ? $"continued {run}" : $"continued {task} of {run}");
    }

    /// <summary>Becomes the owner and works on the run.</summary>
    public static async Task<int> ContinueHereAsync(CliContext cli, SkepFolder folder, RunState state, string? task, RunShow show)
    {
        var run = state.Info!.Run;
        await using var work = await ForegroundRun.OpenAsync(cli, folder, show, default);
        return await work.WatchAsync(async screen =>
        {
            var handle = await work.Host.ResumeAsync(run, default, screen);
            if (state.Status == RunStatus.Paused) await AskAsync(handle, new ContinueRun(cli.Who));
            if (task is not null) await AskAsync(handle, new ContinueTask(task, cli.Who));
            return handle;
        });
    }

    private static async Task AskAsync(RunHandle handle, RunInput input)
    {
        if (await handle.AskAsync(input) is not { } refusal) return;
        await handle.StopAsync();
        throw new CliException(ExitCodes.Refused, refusal);
    }

    private void SayIfPlanChanged(RunState state)
    {
        if (PlanChange.Of(_cli, state) is { } what) _cli.Error.WriteLine($"note: {what}; the run follows the plan that it began with");
    }
}
