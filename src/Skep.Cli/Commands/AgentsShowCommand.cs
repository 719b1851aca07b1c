using System.CommandLine;
using Skep.Cli.Agents;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents show</c>: all of one agent.</summary>
internal sealed class AgentsShowCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _name = new("NAME") { Description = "An agent, with or without the beginning of a version: researcher, researcher@1." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _project = AgentsCommand.Project();
    private readonly Option<string?> _plan = AgentsCommand.Plan();

    public AgentsShowCommand(CliContext cli) : base("show", "Shows an agent: what it is for, what it may do, its system prompt.", "skep agents show researcher", "skep agents show researcher@1 --json")
    {
        _cli = cli;
        Add(_name);
        foreach (var option in new Option[] { _json, _project, _plan }) Add(option);
        SetAction(Show);
    }

    private int Show(ParseResult parsed)
    {
        var entry = AgentSearch.Require(AgentSearch.Find(_cli, parsed.GetValue(_project), parsed.GetValue(_plan)), parsed.GetValue(_name)!);
        _cli.Out.Write(parsed.GetValue(_json) ? JsonText.Of(json => AgentJson.Write(json, entry, isWhole: true)) : AgentText.Of(entry));
        return ExitCodes.Ok;
    }
}
