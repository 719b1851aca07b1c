using System.CommandLine;
using Skep.Cli.Reading;
using Skep.Plans.Drawing;

namespace Skep.Cli.Commands;

/// <summary><c>skep runs</c>: lists the runs of a folder.</summary>
internal sealed class RunsCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<int> _limit = new("--limit") { Description = "Most runs that are listed.", HelpName = "N", DefaultValueFactory = _ => 20 };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public RunsCommand(CliContext cli) : base("runs", "Lists the runs of this folder, newest first.", "skep runs", "skep runs --json --limit 100")
    {
        _cli = cli;
        _limit.Validators.Add(r => { if (r.GetValueOrDefault<int>() < 1) r.AddError("--limit must be at least 1"); });
        Add(_json);
        Add(_limit);
        Add(_dir);
        SetAction((parsed, _) => ListAsync(parsed));
    }

    private async Task<int> ListAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var list = RunReader.List(runs.Store, parsed.GetValue(_limit)).Select(s => Fresh(runs, s));
        var live = (await Control.OwnerAsync(runs.Folder))?.Runs ?? [];
        var rows = list.Select(s => (Summary: s, Word: Word(s, live))).ToList();
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? Json(rows) : Table(rows));
        return ExitCodes.Ok;
    }

    /// <summary>A run that is not ended and that nobody works on was interrupted: that is what people need to know about it.</summary>
    private static string Word(RunSummary summary, IReadOnlyList<string> live) =>
        summary.Status.IsEnded() || live.Contains(summary.Run) ? summary.Status.Name()
        : summary.Status == RunStatus.Paused ? "paused" : "interrupted";

    /// <summary>The stored summary may lag a second behind, and stays so when the process was killed; the log knows.</summary>
    private static RunSummary Fresh(OpenRuns runs, RunSummary summary)
    {
        if (summary.Status.IsEnded()) return summary;
        try
        {
            var state = runs.Load(summary.Run);
            return summary with { Status = state.Status, EndedAt = state.EndedAt, Total = state.WorkTotal, Settled = state.WorkSettled, Failed = state.WorkFailed };
        }
        catch (RunLogException)
        {
            // A list is still useful when one of its runs cannot be read; 'skep show' tells why.
            return summary;
        }
    }

    private string Table(List<(RunSummary Summary, string Word)> rows)
    {
        if (rows.Count == 0) return "no runs yet; 'skep run' starts one\n";
        var names = Math.Max(3, rows.Max(r => r.Summary.Run.Length));
        var lines = rows.Select(r => $"{r.Summary.Run.PadRight(names)}  {Colour(r.Word, r.Word.PadRight(11))}  {$"{r.Summary.Settled}/{r.Summary.Total}",9}  {r.Summary.Failed,6}  {Local(r.Summary.StartedAt):yyyy-MM-dd HH:mm}  {Took(r.Summary)}");
        return $"{"RUN".PadRight(names)}  STATE           DONE  FAILED  STARTED           TOOK\n" + string.Concat(lines.Select(l => l.TrimEnd() + "\n"));
    }

    private string Colour(string word, string padded) => word switch
    {
        "succeeded" => _cli.Colours.Good(padded),
        "failed" => _cli.Colours.Bad(padded),
        "running" => _cli.Colours.Info(padded),
        _ => _cli.Colours.Warn(padded),
    };

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _cli.Time.LocalTimeZone);

    private static string Took(RunSummary s) => s.EndedAt is { } end ? DurationText.Format(end - s.StartedAt) : "";

    private static string Json(List<(RunSummary Summary, string Word)> rows) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var (s, word) in rows)
        {
            json.WriteStartObject();
            json.WriteString("run", s.Run);
            json.WriteString("plan", s.Plan);
            json.WriteString("status", word);
            json.WriteTime("started_at", s.StartedAt);
            json.WriteTime("ended_at", s.EndedAt);
            json.WriteNumber("total", s.Total);
            json.WriteNumber("settled", s.Settled);
            json.WriteNumber("failed", s.Failed);
            json.WriteNumber("max_concurrency", s.MaxConcurrency);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
