using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents schema</c>: the front matter of agent files as a JSON Schema.</summary>
internal sealed class AgentsSchemaCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<string?> _out = Output.Option();

    public AgentsSchemaCommand(CliContext cli) : base("schema", "Writes the JSON Schema of the front matter of agent files, for editors.", "skep agents schema -o schemas/agent.schema.json")
    {
        _cli = cli;
        Add(_out);
        SetAction(parsed => Output.Write(_cli, parsed.GetValue(_out), AgentSchema.Json.TrimEnd() + "\n"));
    }
}
