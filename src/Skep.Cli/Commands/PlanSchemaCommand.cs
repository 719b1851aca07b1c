using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan schema</c>: the plan language as a JSON Schema.</summary>
internal sealed class PlanSchemaCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<string?> _out = Output.Option();

    public PlanSchemaCommand(CliContext cli) : base("schema", "Writes the JSON Schema of plans, for editors.", "skep plan schema -o schemas/plan.schema.json")
    {
        _cli = cli;
        Add(_out);
        SetAction(parsed => Output.Write(_cli, parsed.GetValue(_out), PlanSchema.Json.TrimEnd() + "\n"));
    }
}
