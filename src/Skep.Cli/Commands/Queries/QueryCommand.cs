using System.CommandLine;
using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query</c>: control over what agents are doing right now.</summary>
internal sealed class QueryCommand : Verb
{
    public QueryCommand(CliContext cli)
        : base("query", "Shows and controls what agents are doing: conversations with models, coding agents, and running commands.", "skep query list", "skep query pause last/research", "skep query model last/research anthropic/claude-haiku-4-5")
    {
        Add(new QueryListCommand(cli));
        Add(new QueryShowCommand(cli));
        Add(new QueryHistoryCommand(cli));
        Add(new QueryControlCommand(cli, QueryOps.Pause, "Holds a query. What a model is saying is heard to its end, for it is paid for; the processes of a command or a coding agent are stopped where they are.", "skep query pause last/research"));
        Add(new QueryControlCommand(cli, QueryOps.Resume, "Lets a query go on.", "skep query resume last/research"));
        Add(new QueryControlCommand(cli, QueryOps.Terminate, "Ends a query and its attempt.", "skep query terminate last/research"));
        Add(new QueryControlCommand(cli, QueryOps.Model, "Lets another model answer from the next turn on. A coding agent's session goes on in another process.", "skep query model last/research openai/gpt-4o-mini") { Argument = Word("MODEL", "The model, as plans name it: provider/model.") });
        Add(new QueryControlCommand(cli, QueryOps.Permission, "Changes what the agent may do without asking.", "skep query permission last/research plan") { Argument = Word("MODE", $"One of {string.Join(", ", PermissionModes.All)}.") });
        Add(new QueryExecuteCommand(cli));
        Add(new QueryAnswerCommand(cli));
        Add(new QueryBudgetCommand(cli));
    }

    private static Argument<string> Word(string name, string description) => new(name) { Description = description };
}
