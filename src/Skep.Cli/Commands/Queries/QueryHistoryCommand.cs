using System.CommandLine;
using Skep.Agents.Queries;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands.Queries;

/// <summary><c>skep query history</c>: what was asked of a query, and what happened in it.</summary>
internal sealed class QueryHistoryCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _query = new("QUERY") { Description = "RUN/TASK, or RUN/TASK/ATTEMPT; 'last' stands for the newest run." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public QueryHistoryCommand(CliContext cli) : base("history", "Lists what was asked of a query, and every event of its log.", "skep query history last/research", "skep query history last/research --json")
    {
        _cli = cli;
        Add(_query);
        Add(_json);
        Add(_dir);
        SetAction((parsed, _) => ShowAsync(parsed));
    }

    private async Task<int> ShowAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var query = QueryLookup.Find(runs, parsed.GetValue(_query)!);
        var store = new QueryStore(runs.Store, _cli.Time);
        var (controls, events) = (store.Controls(query, history: true), store.Read(query));
        if (parsed.GetValue(_json)) await _cli.Out.WriteAsync(Json(controls, events));
        else foreach (var line in Lines(controls, events)) await _cli.Out.WriteLineAsync(line);
        return ExitCodes.Ok;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<ControlRow> controls, IReadOnlyList<RecordedQueryEvent> events) =>
        controls.Select(c => (c.At, Text: PlainLine.Clean($"{c.By} asked: {c.Op} {c.Argument} → {c.Outcome ?? "not taken yet"}")))
            .Concat(events.Select(e => (e.At, Text: PlainLine.Clean(QueryWords.Of(e.Event)))))
            .OrderBy(l => l.At).Select(l => $"{l.At:HH:mm:ss.fff}  {l.Text}");

    private static string Json(IReadOnlyList<ControlRow> controls, IReadOnlyList<RecordedQueryEvent> events) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("requests");
        foreach (var c in controls)
        {
            json.WriteStartObject();
            json.WriteTime("at", c.At);
            json.WriteString("by", c.By);
            json.WriteString("op", c.Op);
            json.WriteString("argument", c.Argument);
            json.WriteTime("taken_at", c.Taken);
            json.WriteString("outcome", c.Outcome);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var e in events)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", e.Seq);
            json.WriteTime("at", e.At);
            json.WritePropertyName("event");
            json.WriteRawValue(QueryEvents.ToJson(e.Event));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
