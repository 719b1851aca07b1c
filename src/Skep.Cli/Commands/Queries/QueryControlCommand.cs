using System.CommandLine;

namespace Skep.Cli.Commands.Queries;

/// <summary>Asks something of a query.</summary>
internal class QueryControlCommand : Verb
{
    private readonly CliContext _cli;
    private readonly string _op;
    private readonly Argument<string> _query = new("QUERY") { Description = "RUN/TASK, or RUN/TASK/ATTEMPT; 'last' stands for the newest run." };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Argument<string>? _argument;

    public QueryControlCommand(CliContext cli, string op, string description, params IReadOnlyList<string> examples) : base(op, description, examples)
    {
        (_cli, _op) = (cli, op);
        Add(_query);
        Add(_dir);
        Add(_json);
        SetAction((parsed, cancel) => SendAsync(parsed, _op, Text(parsed), cancel));
    }

    /// <summary>What the request needs beside the query.</summary>
    public Argument<string>? Argument
    {
        get => _argument;
        init
        {
            _argument = value;
            if (value is not null) Add(value);
        }
    }

    protected virtual string? Text(ParseResult parsed) => Argument is { } argument ? parsed.GetValue(argument) : null;

    protected async Task<int> SendAsync(ParseResult parsed, string op, string? argument, CancellationToken cancel)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var query = QueryLookup.Find(runs, parsed.GetValue(_query)!);
        var args = FamilyCalls.Args(json =>
        {
            json.WriteString("query", query);
            json.Maybe("argument", argument);
        });
        var answer = await FamilyCalls.AskAsync(_cli, runs.Folder, "query." + op, args, cancel: cancel);
        var outcome = answer.GetProperty("outcome").GetString()!;
        if (answer.TryGetProperty("refused", out _)) throw new CliException(ExitCodes.Refused, outcome.StartsWith("refused: ", StringComparison.Ordinal) ? outcome["refused: ".Length..] : outcome);
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? FamilyCalls.Text(answer) : $"{query}: {outcome}\n");
        return ExitCodes.Ok;
    }
}
