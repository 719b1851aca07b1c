using System.CommandLine;
using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query budget</c>: raises a limit that a query has reached.</summary>
internal sealed class QueryBudgetCommand : QueryControlCommand
{
    private readonly Argument<string> _scope = new("SCOPE") { Description = $"Whose budget, as seen from the query: {string.Join(", ", BudgetRaise.Scopes.Keys)}." };
    private readonly Argument<string> _resource = new("RESOURCE") { Description = $"Of what: {string.Join(", ", BudgetRaise.Resources.Keys)} (seconds)." };
    private readonly Argument<string> _amount = new("AMOUNT") { Description = "The new limit. It holds for the rest of the run." };

    public QueryBudgetCommand(CliContext cli)
        : base(cli, QueryOps.Budget, "Raises a limit that the plan sets. What was paused at it goes on with 'skep query resume'.", "skep query budget last/research run tokens 50000", "skep query budget last/research task cost_usd 2.5")
    {
        _scope.AcceptOnlyFromAmong([.. BudgetRaise.Scopes.Keys]);
        _resource.AcceptOnlyFromAmong([.. BudgetRaise.Resources.Keys]);
        Add(_scope);
        Add(_resource);
        Add(_amount);
    }

    protected override string Text(ParseResult parsed) => $"{parsed.GetValue(_scope)} {parsed.GetValue(_resource)} {parsed.GetValue(_amount)}";
}
