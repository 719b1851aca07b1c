using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep retry</c>: runs again what did not succeed.</summary>
internal sealed class RetryCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("A task or 'gate/ID'. Without it: all that failed.");
    private readonly Option<bool> _noRun = new("--no-run") { Description = "Only reset the tasks; 'skep resume' then does the work." };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly RunShowOptions _show;

    public RetryCommand(CliContext cli)
        : base("retry", "Runs again what failed. What was cancelled or skipped because of it and all that hangs on it, too; an ended run is reopened.", "skep retry last", "skep retry demo-2026 test", "skep retry last --no-run")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_task);
        Add(_noRun);
        Add(_dir);
        _show = new RunShowOptions(this);
        SetAction((parsed, _) => RetryAsync(parsed));
    }

    private async Task<int> RetryAsync(ParseResult parsed)
    {
        string run;
        SkepFolder folder;
        await using (var runs = OpenRuns.In(_cli, parsed.GetValue(_dir))) (run, folder) = (runs.Find(parsed.GetValue(_run)!), runs.Folder);
        var task = parsed.GetValue(_task);
        var owner = await Control.OwnerThatStaysAsync(_cli, folder);
        var request = new ControlRequest { Op = ControlOps.Retry, Run = run, Task = task };
        if (owner is not null || parsed.GetValue(_noRun))
        {
            var goesOn = owner?.Runs?.Contains(run) == true;
            return await Control.SendAsync(_cli, folder, request, $"{task ?? "what failed"} of {run} will run again{(goesOn ? "" : $"; start the work with: skep resume {run}")}");
        }

        if (await ControlClient.CarryOutAsync(folder, request with { By = _cli.Who }) is { } refusal) throw new CliException(ExitCodes.Refused, refusal);
        await using var reset = OpenRuns.In(_cli, parsed.GetValue(_dir));
        return await ResumeCommand.ContinueHereAsync(_cli, folder, reset.Load(run), null, _show.Read(parsed));
    }
}
