using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep cancel</c>: ends a run or a task.</summary>
internal sealed class CancelCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("A task. Without it the whole run is cancelled.");
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; it is kept in the log.", HelpName = "TEXT" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public CancelCommand(CliContext cli)
        : base("cancel", "Ends a run or one of its tasks. What is at work is stopped.", "skep cancel last", "skep cancel last shard --reason \"wrong input\"")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_task);
        Add(_reason);
        Add(_dir);
        SetAction((parsed, _) => CancelAsync(parsed));
    }

    private async Task<int> CancelAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var (run, task) = (runs.Find(parsed.GetValue(_run)!), parsed.GetValue(_task));
        var request = new ControlRequest { Op = ControlOps.Cancel, Run = run, Task = task, Text = parsed.GetValue(_reason) };
        return await Control.SendAsync(_cli, runs.Folder, request, task is null ? $"cancelled {run}" : $"cancelled {task} of {run}");
    }
}
