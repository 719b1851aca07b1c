using System.CommandLine;
using Skep.Cli.Running;

namespace Skep.Cli.Commands;

/// <summary><c>skep events</c>: the log of a run.</summary>
internal sealed class EventsCommand : Verb
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the run ends." };
    private readonly Option<long> _from = new("--from") { Description = "First event that is written.", HelpName = "SEQ", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _json = new("--json") { Description = "Lines of JSON; the default." };
    private readonly Option<bool> _text = new("--text") { Description = "Lines for people." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public EventsCommand(CliContext cli) : base("events", "Writes the log of a run, one event a line.", "skep events last", "skep events last --follow --text", "skep events demo-2026 --from 100")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        foreach (var option in new Option[] { _follow, _from, _json, _text, _dir }) Add(option);
        SetAction((parsed, cancel) => WriteAsync(parsed, cancel));
    }

    private async Task<int> WriteAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_json) && parsed.GetValue(_text)) throw new CliException(ExitCodes.Usage, "give --json or --text, not both");
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = runs.Find(parsed.GetValue(_run)!);
        var format = parsed.GetValue(_text) ? AsText(runs, run) : e => [EventLine.Json(run, e)];
        var (from, follow, next, ended) = (parsed.GetValue(_from), parsed.GetValue(_follow), 1L, false);
        if (!parsed.GetValue(_text)) next = Math.Max(1, from);
        while (true)
        {
            foreach (var e in RunReader.Events(runs.Store, run, next))
            {
                (next, ended) = (e.Seq + 1, e.Event is RunEnded || (ended && e.Event is not TasksReset));
                var lines = format(e);
                if (e.Seq < from) continue;
                foreach (var line in lines) await _cli.Out.WriteLineAsync(line);
            }

            await _cli.Out.FlushAsync(cancel);
            if (!follow || ended) return ExitCodes.Ok;
            await Task.Delay(Poll, _cli.Time, cancel);
        }
    }

    /// <summary>Lines for people tell durations and names, so the events are folded on the way.</summary>
    private Func<RecordedEvent, IReadOnlyList<string>> AsText(OpenRuns runs, string run)
    {
        var plan = PlanReader.Read(RunReader.PlanText(runs.Store, runs.Blobs, run)).Plan
            ?? throw new RunLogException($"the plan of run {run} is not valid for this version of skep; use the version that started the run");
        var state = RunState.For(plan);
        var lines = new PlainLines(_cli.Time.LocalTimeZone);
        return e =>
        {
            Queen.Apply(state, e.Event, e.At);
            return [.. lines.Of(state, e)];
        };
    }
}
