using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep pause</c>: holds a run or one of its tasks.</summary>
internal sealed class PauseCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("A task; its processes are suspended. Without it nothing new starts in the run.");
    private readonly Option<bool> _all = new("--all") { Description = "All runs that are being worked on." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public PauseCommand(CliContext cli)
        : base("pause", "Holds a run or suspends a task. In a paused run nothing new starts; 'skep resume' lets it go on.", "skep pause last", "skep pause demo-2026 build", "skep pause --all")
    {
        _cli = cli;
        _run = RunArguments.OptionalRun(cli, "Required unless --all is given.");
        Add(_run);
        Add(_task);
        Add(_all);
        Add(_dir);
        SetAction((parsed, _) => PauseAsync(parsed));
    }

    private async Task<int> PauseAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        if (parsed.GetValue(_all)) return await PauseAllAsync(runs.Folder);
        var word = parsed.GetValue(_run) ?? throw new CliException(ExitCodes.Usage, "name the run, or give --all");
        var (run, task) = (runs.Find(word), parsed.GetValue(_task));
        return await Control.SendAsync(_cli, runs.Folder, new ControlRequest { Op = ControlOps.Pause, Run = run, Task = task },
            task is null ? $"paused {run}: what runs goes on to its end, nothing new starts" : $"paused {task} of {run}");
    }

    private async Task<int> PauseAllAsync(SkepFolder folder)
    {
        var live = (await Control.OwnerAsync(folder))?.Runs ?? [];
        if (live.Count == 0) throw new CliException(ExitCodes.Refused, "no run is being worked on in this folder");
        foreach (var run in live) await Control.SendAsync(_cli, folder, new ControlRequest { Op = ControlOps.Pause, Run = run }, $"paused {run}");
        return ExitCodes.Ok;
    }
}
