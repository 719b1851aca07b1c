using System.CommandLine;
using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query execute</c>: a command within a conversation.</summary>
internal sealed class QueryExecuteCommand : QueryControlCommand
{
    private readonly Argument<string> _command = new("COMMAND") { Description = "say TEXT: tells the model something before its next turn. compact: shortens the conversation." };
    private readonly Argument<string[]> _rest = new("TEXT") { Description = "For say: the text.", Arity = ArgumentArity.ZeroOrMore };

    public QueryExecuteCommand(CliContext cli)
        : base(cli, "execute", "Executes a command within a conversation.", "skep query execute last/research say \"leave out the appendix\"", "skep query execute last/research compact")
    {
        _command.AcceptOnlyFromAmong(QueryOps.Say, QueryOps.Compact);
        Add(_command);
        Add(_rest);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (op, text) = (parsed.GetValue(_command)!, string.Join(' ', parsed.GetValue(_rest) ?? []));
        if (op == QueryOps.Say && text.Length == 0) throw new CliException(ExitCodes.Usage, "say what? skep query execute QUERY say TEXT");
        return SendAsync(parsed, op, op == QueryOps.Say ? text : null, cancel);
    }
}
