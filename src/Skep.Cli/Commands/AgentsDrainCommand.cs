using System.CommandLine;
using Skep.Cli.Agents;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents drain</c>: lets agents of a run go.</summary>
internal sealed class AgentsDrainCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string[]> _agents = new("AGENT") { Description = "Names of agents (coder-2), or of specs for all of their agents (coder).", HelpName = "AGENT", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _force = new("--force") { Description = "Also when no agent is left for tasks that are not done; they wait until one is spawned." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public AgentsDrainCommand(CliContext cli)
        : base("drain", "Lets agents of a run end what they do and go. They get nothing more; those without work are gone at once. All that are named go, or none.", "skep agents drain last coder-2 coder-3", "skep agents drain last coder --force")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_agents);
        foreach (var option in new Option[] { _force, _json, _dir }) Add(option);
        SetAction((parsed, _) => DrainAsync(parsed));
    }

    private async Task<int> DrainAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var (run, names) = (runs.Find(parsed.GetValue(_run)!), parsed.GetValue(_agents)!);
        var request = new ControlRequest { Op = ControlOps.DrainAgents, Run = run, Agents = names, Force = parsed.GetValue(_force), By = _cli.Who };
        if (await ControlClient.CarryOutAsync(runs.Folder, request) is { } refusal) throw new CliException(ExitCodes.Refused, refusal);
        var all = AgentOverview.Of(runs.Load(run));
        var gone = all.Where(a => a.Life is AgentLife.Draining or AgentLife.Retired && IsMeant(a, all, names)).ToList();
        if (parsed.GetValue(_json)) await _cli.Out.WriteAsync(Json(run, gone));
        else foreach (var agent in gone) await _cli.Out.WriteLineAsync($"{agent.Name}  {RunAgentsText.Words(agent)}");
        return ExitCodes.Ok;
    }

    /// <summary>A word is an agent's name, and only where there is none, a spec's.</summary>
    private static bool IsMeant(AgentOverview agent, IReadOnlyList<AgentOverview> all, string[] names) =>
        names.Contains(agent.Name) || (names.Contains(agent.Spec) && all.All(a => a.Name != agent.Spec));

    private static string Json(string run, List<AgentOverview> gone) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("run", run);
        json.WriteStartArray("agents");
        foreach (var agent in gone) RunAgentsJson.Write(json, agent);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
