using System.CommandLine;
using Skep.Cli.Plans;
using Skep.Cli.Reading;
using Skep.Plans.Drawing;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan schedule</c>: forecasts how long a plan takes and what holds it up.</summary>
internal sealed class PlanScheduleCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _plan = PlanCommand.PlanArgument();
    private readonly Option<string> _format = Output.Format("text", "svg", "json");
    private readonly Option<string?> _out = Output.Option();
    private readonly Option<string?> _run = new("--run") { Description = "Use the durations that were measured in a run.", HelpName = "RUN" };
    private readonly Option<int?> _slots = new("--max-concurrency") { Description = "Most tasks at once, over the plan's own setting.", HelpName = "N" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public PlanScheduleCommand(CliContext cli)
        : base("schedule", "Forecasts how long a plan takes. Shows the schedule with limited slots and the critical path.", "skep plan schedule", "skep plan schedule --run last --max-concurrency 16", "skep plan schedule --format svg -o schedule.svg")
    {
        _cli = cli;
        _slots.Validators.Add(r => { if (r.GetValueOrDefault<int?>() is < 1) r.AddError("--max-concurrency must be at least 1"); });
        Add(_plan);
        foreach (var option in new Option[] { _format, _out, _run, _slots, _dir }) Add(option);
        SetAction((parsed, _) => ScheduleAsync(parsed));
    }

    private async Task<int> ScheduleAsync(ParseResult parsed)
    {
        var plan = PlanFile.Load(_cli, parsed.GetValue(_plan)!).Plan;
        var durations = parsed.GetValue(_run) is { } run ? await MeasuredAsync(run, parsed.GetValue(_dir)) : null;
        var schedule = Schedule.Compute(PlanGraph.Build(plan), durations);
        var limited = ResourceSchedule.Compute(schedule, parsed.GetValue(_slots));
        return Output.Write(_cli, parsed.GetValue(_out), parsed.GetValue(_format) switch
        {
            "svg" => GanttSvg.Draw(GanttBar.From(limited), new GanttSvgOptions { Title = $"{plan.Name}: schedule with {limited.Slots} slots" }),
            "json" => JsonText.Of(json => ScheduleJson.Write(json, schedule, limited)),
            _ => GanttText.Draw(GanttBar.From(limited), new GanttTextOptions { Width = _cli.Terminal.Size.Width, Ascii = _cli.Variable("TERM") == "dumb" }) + ScheduleText.Of(schedule, limited),
        });
    }

    private async Task<Durations> MeasuredAsync(string word, string? dir)
    {
        await using var runs = OpenRuns.In(_cli, dir);
        return MeasuredDurations.Of(runs.Load(runs.Find(word)));
    }
}
