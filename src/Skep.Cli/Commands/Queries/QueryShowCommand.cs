using System.CommandLine;
using System.Globalization;
using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query show</c>: a conversation as it stands.</summary>
internal sealed class QueryShowCommand : Verb
{
    private const int MaxText = 4000;

    private readonly CliContext _cli;
    private readonly Argument<string> _query = new("QUERY") { Description = "RUN/TASK, or RUN/TASK/ATTEMPT; 'last' stands for the newest run." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public QueryShowCommand(CliContext cli) : base("show", "Shows a conversation as it stands, with what it has used.", "skep query show last/research")
    {
        _cli = cli;
        Add(_query);
        Add(_dir);
        SetAction((parsed, _) => ShowAsync(parsed));
    }

    private async Task<int> ShowAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var query = QueryLookup.Find(runs, parsed.GetValue(_query)!);
        var store = new QueryStore(runs.Store, _cli.Time);
        var state = store.Load(query);
        if (state.Start is null) throw new CliException(ExitCodes.NotFound, $"{query} is no conversation of an agent; 'skep logs' shows the output of commands");
        _cli.Out.WriteLine($"{query}  {await WordAsync(runs, store, query)}  {state.Model}  permission {state.Permission}  turns {state.Turns}{(state.Start.MaxTurns > 0 ? $" of {state.Start.MaxTurns}" : "")}  {Used(state)}");
        if ((state.Hold?.Why ?? state.End?.Error) is { } why) _cli.Out.WriteLine(CleanText(why));
        if (state.Session is { } cli) _cli.Out.WriteLine(CleanText($"session {cli.Opened.Session}, process {cli.Opened.Number}{(cli.IsOpen ? "" : " is gone")}"));
        foreach (var item in state.Items) Show(item);
        foreach (var note in state.Notes) _cli.Out.WriteLine($"\n{note.By} will say: {Short(note.Text)}");
        return ExitCodes.Ok;
    }

    private static async Task<string> WordAsync(OpenRuns runs, QueryStore store, string query) =>
        QueryRows.WordOf(runs, store.Find(query)!, (await Control.OwnerAsync(runs.Folder))?.Runs ?? []);

    private static string Used(QueryState s) =>
        string.Create(CultureInfo.InvariantCulture, $"tokens {s.Tokens.Total + s.CliTokens}{(s.UnsureTokens > 0 ? $" and up to {s.UnsureTokens} of interrupted calls" : "")}  {s.Usd:0.0000} USD{(s.Unpriced > 0 ? $", {s.Unpriced} {(s.Unpriced == 1 ? "call" : "calls")} without known price" : "")}");

    private void Show(QueryItem item)
    {
        if (item is SaidItem said) _cli.Out.WriteLine($"\n{said.By}: {Short(said.Text)}");
        if (item is ActedItem acted) Show(acted);
        if (item is not TurnItem turn) return;
        if (turn.Turn.Text.Length > 0) _cli.Out.WriteLine($"\nmodel: {Short(turn.Turn.Text)}");
        foreach (var tool in turn.Tools)
        {
            _cli.Out.WriteLine($"\ntool {tool.Index} {CleanText(tool.Request.Tool)} {Short(tool.Request.Arguments)}");
            _cli.Out.WriteLine(tool.Stage switch
            {
                ToolStage.Ended => $"{(tool.IsError ? "failed: " : "")}{Short(tool.Result!)}",
                ToolStage.Asked => $"waits for 'skep query answer': {CleanText(tool.Question!)}",
                _ => "is running",
            });
        }
    }

    private void Show(ActedItem acted)
    {
        if (acted.Text.Length > 0) _cli.Out.WriteLine($"\nagent: {Short(acted.Text)}");
        foreach (var tool in acted.Tools) _cli.Out.WriteLine($"\ntool {CleanText(tool.Tool)} {Short(tool.Input)}");
    }

    /// <summary>What models and tools say is not obeyed by terminals.</summary>
    private static string CleanText(string text) => string.Join('\n', text.Split('\n').Select(PlainLine.Clean));

    private static string Short(string text) => CleanText(text.Length <= MaxText ? text : $"{text.AsSpan(0, MaxText)}… [{text.Length - MaxText} more characters]");
}
