using System.CommandLine;
using Skep.Cli.Agents;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents status</c>: the agents of a run.</summary>
internal sealed class AgentsStatusCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public AgentsStatusCommand(CliContext cli)
        : base("status", "Shows the agents of a run. What each works on and since when, what it has done, and which tasks wait because no agent is left for them.", "skep agents status last", "skep agents status demo-2026 --json")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        foreach (var symbol in new Option[] { _json, _dir }) Add(symbol);
        Add(_run);
        SetAction((parsed, _) => ShowAsync(parsed));
    }

    private async Task<int> ShowAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var state = runs.Load(runs.Find(parsed.GetValue(_run)!));
        var isLive = (await Control.OwnerAsync(runs.Folder))?.Runs?.Contains(state.Info!.Run) == true;
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? RunAgentsJson.Of(state, isLive) : RunAgentsText.Of(state, isLive, _cli.Time.LocalTimeZone));
        return ExitCodes.Ok;
    }
}
