using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep waive</c>: lets a failed gate count as passed, in somebody's name and for a reason.</summary>
internal sealed class WaiveCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string> _gate = new("GATE") { Description = "The gate that failed." };
    private readonly Option<string> _by = new("--by") { Description = "Who answers for it.", HelpName = "NAME", Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "Why the gate may be passed over.", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public WaiveCommand(CliContext cli)
        : base("waive", "Lets a failed gate count as passed. The report names who answers for it and why; what was skipped because of the gate can run, an ended run is reopened.", "skep waive last main.coverage --by ann --reason \"the parser is rewritten next week\"")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_gate);
        foreach (var option in new Option[] { _by, _reason, _dir }) Add(option);
        SetAction((parsed, _) => WaiveAsync(parsed));
    }

    private async Task<int> WaiveAsync(ParseResult parsed)
    {
        GateArguments.RefuseAgents(_cli, "waive");
        string run;
        SkepFolder folder;
        await using (var runs = OpenRuns.In(_cli, parsed.GetValue(_dir))) (run, folder) = (runs.Find(parsed.GetValue(_run)!), runs.Folder);
        var gate = parsed.GetValue(_gate)!;
        var owner = await Control.OwnerAsync(folder);
        var request = new ControlRequest { Op = ControlOps.Waive, Run = run, Task = gate, By = parsed.GetValue(_by), Text = parsed.GetValue(_reason) };
        if (await ControlClient.CarryOutAsync(folder, request) is { } refusal) throw new CliException(ExitCodes.Refused, refusal);
        await _cli.Out.WriteLineAsync($"gate {GateArguments.Id(gate)} of {run} is waived by {request.By!.Trim()}{await WhatNextAsync(parsed, run, owner)}");
        return ExitCodes.Ok;
    }

    private async Task<string> WhatNextAsync(ParseResult parsed, string run, ControlResponse? owner)
    {
        if (owner?.Runs?.Contains(run) == true) return "";
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var status = runs.Load(run).Status;
        return status.IsEnded() ? $"; the run has {status.Name()}" : $"; start the work with: skep resume {run}";
    }
}
