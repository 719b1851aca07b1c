using System.CommandLine;
using Skep.Client.Reading;

namespace Skep.Client.Commands;

/// <summary><c>skep metric</c>: reports a number to a run, mostly from within a task.</summary>
internal sealed class MetricCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the metric: " + ReportName.Rule + "." };
    private readonly Argument<string> _value = new("VALUE") { Description = "A finite number such as 0.95." };
    private readonly Option<string?> _run = new("--run") { Description = "The run; SKEP_RUN_ID unless given.", HelpName = "RUN" };
    private readonly Option<string?> _task = new("--task") { Description = "The task that reports; SKEP_TASK_ID unless given.", HelpName = "TASK" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MetricCommand(CliContext cli)
        : base("metric", "Reports a number to a run. Gates and reports use it. Within a task, run and task are known.", "skep metric coverage 87.5", "skep metric latency_ms 12 --run last --task bench")
    {
        _cli = cli;
        Add(_name);
        Add(_value);
        foreach (var option in new Option[] { _run, _task, _dir }) Add(option);
        SetAction((parsed, _) => ReportAsync(parsed));
    }

    private async Task<int> ReportAsync(ParseResult parsed)
    {
        var (name, text) = (parsed.GetValue(_name)!, parsed.GetValue(_value)!);
        if (!ReportName.TryParseValue(text, out var value) || !ReportName.IsValid(name))
            throw new CliException(ExitCodes.Usage, ReportName.ProblemOf(name, text)!);
        var given = parsed.GetValue(_run);
        var (run, task) = (given ?? _cli.Variable("SKEP_RUN_ID"), parsed.GetValue(_task) ?? (given is null ? _cli.Variable("SKEP_TASK_ID") : null));
        var folder = Folders.Find(_cli, parsed.GetValue(_dir));
        if (given is not null)
        {
            await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
            run = runs.Find(given);
        }

        var request = new ControlRequest { Op = ControlOps.Metric, Run = run, Task = task, Name = name, Value = value, By = _cli.Who };
        if (await ControlClient.CarryOutAsync(folder, request) is { } refusal) throw new CliException(ExitCodes.Refused, refusal);
        return ExitCodes.Ok;
    }
}
