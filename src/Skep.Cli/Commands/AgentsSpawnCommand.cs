using System.CommandLine;
using Skep.Cli.Agents;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents spawn</c>: more agents for a run.</summary>
internal sealed class AgentsSpawnCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string> _spec = new("SPEC") { Description = "Id of an agent of the run's plan; 'worker' for tasks that name none." };
    private readonly Option<int> _count = new("--count", "-n") { Description = "How many.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public AgentsSpawnCommand(CliContext cli)
        : base("spawn", "Gives a run more agents of a spec than its plan has replicas. They take work at once, as far as the run's max_concurrency lets them.", "skep agents spawn last coder", "skep agents spawn last coder --count 3 --json")
    {
        _cli = cli;
        _count.Validators.Add(r => { if (r.GetValueOrDefault<int>() < 1) r.AddError("--count must be at least 1"); });
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_spec);
        foreach (var option in new Option[] { _count, _json, _dir }) Add(option);
        SetAction((parsed, _) => SpawnAsync(parsed));
    }

    private async Task<int> SpawnAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var (run, spec) = (runs.Find(parsed.GetValue(_run)!), parsed.GetValue(_spec)!);
        // The id finds what this request spawned, and keeps a request that is delivered twice from spawning twice.
        var request = new ControlRequest { Op = ControlOps.SpawnAgents, Run = run, Agents = [spec], Count = parsed.GetValue(_count), By = _cli.Who, Id = RequestIds.Next() };
        if (await ControlClient.CarryOutAsync(runs.Folder, request) is { } refusal) throw new CliException(ExitCodes.Refused, refusal);
        var spawned = AgentOverview.Of(runs.Load(run)).Where(a => a.Request == request.Id).Select(a => a.Name).ToList();
        var isLive = (await Control.OwnerAsync(runs.Folder))?.Runs?.Contains(run) == true;
        if (parsed.GetValue(_json)) await _cli.Out.WriteAsync(Json(run, spec, spawned));
        else await _cli.Out.WriteLineAsync($"spawned {string.Join(", ", spawned)} in {run}{(isLive ? "" : $"; nobody works on the run: skep resume {run}")}");
        return ExitCodes.Ok;
    }

    private static string Json(string run, string spec, List<string> spawned) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("run", run);
        json.WriteString("spec", spec);
        AgentJson.Texts(json, "spawned", spawned);
        json.WriteEndObject();
    });
}
