using System.CommandLine;
using System.Globalization;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query list</c>.</summary>
internal sealed class QueryListCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _run;
    private readonly Option<bool> _all = new("--all", "-a") { Description = "List those that are over, too." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public QueryListCommand(CliContext cli) : base("list", "Lists what agents are doing.", "skep query list", "skep query list last --all --json")
    {
        _cli = cli;
        _run = RunArguments.OptionalRun(cli, "Without it those of all runs are listed.");
        Add(_run);
        Add(_all);
        Add(_json);
        Add(_dir);
        SetAction((parsed, _) => ListAsync(parsed));
    }

    private async Task<int> ListAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = parsed.GetValue(_run) is { } word ? runs.Find(word) : null;
        var live = (await Control.OwnerAsync(runs.Folder))?.Runs ?? [];
        var lines = QueryRows.Collect(runs, _cli.Time, run, parsed.GetValue(_all), live);
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? Json(lines) : Table(lines));
        return ExitCodes.Ok;
    }

    private static string Table(List<QueryLine> lines)
    {
        if (lines.Count == 0) return "no queries; --all lists those that are over\n";
        var (ids, models) = (Math.Max(5, lines.Max(l => l.Id.Length)), Math.Max(5, lines.Max(l => l.Model.Length)));
        var rows = lines.Select(l => $"{l.Id.PadRight(ids)}  {l.State,-11}  {l.Model.PadRight(models)}  {l.Turns,5}  {l.Tokens,9}  {Money(l.Usd),8}  {PlainLine.Clean(l.Note)}");
        return $"{"QUERY".PadRight(ids)}  STATE        {"MODEL".PadRight(models)}  TURNS     TOKENS       USD\n" + string.Concat(rows.Select(r => r.TrimEnd() + "\n"));
    }

    private static string Money(decimal usd) => usd == 0 ? "" : usd.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Json(List<QueryLine> lines) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var l in lines)
        {
            json.WriteStartObject();
            json.WriteString("query", l.Id);
            json.WriteString("state", l.State);
            json.WriteString("agent", l.Agent);
            json.WriteString("model", l.Model);
            json.WriteNumber("turns", l.Turns);
            json.WriteNumber("tokens", l.Tokens);
            json.WriteNumber("cost_usd", l.Usd);
            json.WriteTime("began_at", l.Begun);
            json.WriteString("note", l.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
