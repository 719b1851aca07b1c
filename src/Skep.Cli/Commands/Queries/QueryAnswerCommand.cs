using System.CommandLine;
using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query answer</c>: decides on a tool call that waits for a person.</summary>
internal sealed class QueryAnswerCommand : QueryControlCommand
{
    private readonly Argument<int> _call = new("CALL") { Description = "Number of the tool call, as 'skep query show' tells it.", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> _deny = new("--deny") { Description = "Do not allow it; without this it is allowed." };
    private readonly Option<string?> _text = new("--text") { Description = "What to say to the model about it.", HelpName = "TEXT" };

    public QueryAnswerCommand(CliContext cli)
        : base(cli, QueryOps.Answer, "Allows or forbids a tool call that waits for a person.", "skep query answer last/research", "skep query answer last/research 1 --deny --text \"use the other file\"")
    {
        Add(_call);
        Add(_deny);
        Add(_text);
    }

    protected override string Text(ParseResult parsed) => $"{parsed.GetValue(_call)} {(parsed.GetValue(_deny) ? "no" : "yes")} {parsed.GetValue(_text)}".TrimEnd();
}
