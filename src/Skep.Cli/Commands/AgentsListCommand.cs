using System.CommandLine;
using Skep.Cli.Agents;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents list</c>: the agents that can be used here.</summary>
internal sealed class AgentsListCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<bool> _all = new("--all") { Description = "Also agents whose name stands nearer or in a newer version." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _project = AgentsCommand.Project();
    private readonly Option<string?> _plan = AgentsCommand.Plan();

    public AgentsListCommand(CliContext cli)
        : base("list", "Lists the agents that plans here can use by name. They are looked for in .skep/agents, .claude/agents and agents of the project, then in ~/.skep/agents and ~/.claude/agents; the first one of a name counts.", "skep agents list", "skep agents list --all --json")
    {
        _cli = cli;
        foreach (var option in new Option[] { _all, _json, _project, _plan }) Add(option);
        SetAction(List);
    }

    private int List(ParseResult parsed)
    {
        var catalog = AgentSearch.Find(_cli, parsed.GetValue(_project), parsed.GetValue(_plan));
        var entries = parsed.GetValue(_all) ? catalog.Entries : [.. catalog.Usable];
        if (parsed.GetValue(_json))
            _cli.Out.Write(JsonText.Of(json =>
            {
                json.WriteStartArray();
                foreach (var entry in entries) AgentJson.Write(json, entry, isWhole: false);
                json.WriteEndArray();
            }));
        else if (entries.Count > 0) _cli.Out.Write(AgentText.Table(entries, _cli.Terminal.OutIsTerminal ? _cli.Terminal.Size.Width : int.MaxValue));
        else _cli.Out.WriteLine($"no agents yet; write one into {AgentSearch.Folders(_cli, parsed.GetValue(_project))[0].Path}: Markdown with 'name' and 'description' between two lines '---', then its system prompt");
        return ExitCodes.Ok;
    }
}
