using System.CommandLine;
using Skep.Cli.Reading;
using Skep.Coding.Merging;

namespace Skep.Cli.Commands.Merging;

/// <summary><c>skep merge list</c>: the submissions of a run.</summary>
internal sealed class MergeListCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MergeListCommand(CliContext cli) : base("list", "Lists what the coding agents of a run have submitted, in the order of landing.", "skep merge list last", "skep merge list last --json")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_json);
        Add(_dir);
        SetAction((parsed, _) => ListAsync(parsed));
    }

    private async Task<int> ListAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var rows = new MergeStore(runs.Store, _cli.Time).List(runs.Find(parsed.GetValue(_run)!));
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? Json(rows) : Table(rows));
        return ExitCodes.Ok;
    }

    private static string Word(EntryStatus status) => status == EntryStatus.HandedBack ? "handed-back" : status.ToString().ToLowerInvariant();

    private static string Table(IReadOnlyList<MergeRow> rows)
    {
        if (rows.Count == 0) return "nothing was submitted\n";
        var (keys, targets) = (Math.Max(10, rows.Max(r => r.Key.Length)), Math.Max(6, rows.Max(r => r.Target.Length)));
        var lines = rows.Select(r => $"{r.Key.PadRight(keys)}  {r.Target.PadRight(targets)}  {Word(r.Status),-11}  {r.Landed ?? r.Commit}  {PlainLine.Clean(r.Note ?? "")}");
        return $"{"SUBMISSION".PadRight(keys)}  {"TARGET".PadRight(targets)}  STATE        COMMIT\n" + string.Concat(lines.Select(l => l.TrimEnd() + "\n"));
    }

    private static string Json(IReadOnlyList<MergeRow> rows) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var r in rows)
        {
            json.WriteStartObject();
            json.WriteString("submission", r.Key);
            json.WriteString("target", r.Target);
            json.WriteString("state", Word(r.Status));
            json.WriteString("branch", r.Branch);
            json.WriteString("commit", r.Commit);
            json.WriteString("landed", r.Landed);
            json.WriteString("agent", r.Agent);
            json.WriteTime("at", r.At);
            json.WriteString("note", r.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
