using Skep.Plans.Drawing;

namespace Skep.Cli.Running;

/// <summary>Draws a picture of a run into lines of a terminal of a given size. A pure function: what is not told cannot be drawn.</summary>
internal sealed class LiveFrame(int width, int height, DateTimeOffset now, Palette colours)
{
    /// <summary>Widest picture; beyond it lines become hard to follow.</summary>
    public const int MaxWidth = 160;

    private readonly int _width = Math.Clamp(width - 1, 20, MaxWidth);
    private readonly List<string> _lines = [];

    /// <summary>The lines, at most one less than the terminal has rows, none wider than it.</summary>
    public static IReadOnlyList<string> Draw(BoardPicture picture, int width, int height, DateTimeOffset now, Palette colours) =>
        new LiveFrame(width, height, now, colours).Draw(picture);

    private int Room => Math.Max(3, height - 1) - _lines.Count;

    private List<string> Draw(BoardPicture picture)
    {
        Head(picture);
        Section("waiting for a person", picture.Waiting.Count, [.. picture.Waiting.Take(4).SelectMany(w => Waiting(w, picture.Head.Run))], 8);
        Section("failed", picture.Failures.Count, [.. picture.Failures.Select(Failure)], 4);
        Section("phases", picture.Phases.Count, PhasesOfInterest(picture.Phases), Math.Max(3, Room / 2));
        Section("working", picture.WorkingCount, [.. picture.Working.OrderBy(w => w.Since).Select(Working)], Math.Max(4, Room - 5));
        Section("settled", picture.Recent.Count, [.. picture.Recent.Select(Settled)], Room);
        return _lines;
    }

    private void Head(BoardPicture picture)
    {
        var head = picture.Head;
        var elapsed = DurationText.Format(Whole((head.EndedAt ?? now) - head.StartedAt));
        var state = head.Status switch
        {
            RunStatus.Paused => colours.Warn("paused"),
            RunStatus.Cancelling or RunStatus.Cancelled => colours.Warn(head.Status.Name()),
            RunStatus.Failed => colours.Bad("failed"),
            RunStatus.Succeeded => colours.Good("succeeded"),
            _ => head.Status.Name(),
        };
        var right = $"  {head.Status.Name()}  {elapsed}";
        var left = PlainLine.Fit($"{head.Plan}  {head.Run}", _width - right.Length);
        var plan = Math.Min(head.Plan.Length, left.Length);
        _lines.Add($"{colours.Bold(left[..plan])}{colours.Dim(left[plan..])}  {state}  {elapsed}");
        _lines.Add(Progress(picture));
    }

    private string Progress(BoardPicture picture)
    {
        var head = picture.Head;
        var share = head.Total == 0 ? 0 : (double)head.Settled / head.Total;
        var words = $" {head.Settled}/{head.Total}";
        if (picture.Eta is { } eta && head.Settled < head.Total) words += $"  about {DurationText.Format(Whole(eta))} left";
        if (head.Failed > 0) words += $"  {head.Failed} failed";
        if (head.Retries > 0) words += $"  {head.Retries} {(head.Retries == 1 ? "retry" : "retries")}";
        var cells = Math.Clamp(_width - words.Length, 8, 40);
        var full = (int)Math.Round(share * cells);
        return colours.Info(new string('━', full)) + colours.Dim(new string('─', cells - full)) + PlainLine.Fit(words, _width - cells);
    }

    private void Section(string title, int count, List<string> lines, int most)
    {
        var room = Math.Min(most, Room - 1);
        if (lines.Count == 0 || room < 1) return;
        var shown = Math.Min(lines.Count, room);
        _lines.Add(colours.Dim(PlainLine.Fit(count > shown ? $"{title} ({count})" : title, _width)));
        _lines.AddRange(lines.Take(shown));
    }

    /// <summary>When there is no room for all, the phases that are at work or failed come first.</summary>
    private List<string> PhasesOfInterest(IReadOnlyList<PhaseCounts> phases)
    {
        var most = Math.Max(2, Room / 2 - 1);
        var shown = phases.Count <= most ? phases : [.. phases.OrderBy(p => p.Status == TaskStatus.Running ? 0 : p.Status.IsFailure() ? 1 : p.Status.IsSettled() ? 3 : 2).Take(most)];
        return [.. shown.Select(Phase)];
    }

    private string Phase(PhaseCounts phase)
    {
        var words = $"{phase.Settled}/{phase.Total}";
        if (phase.Running > 0) words += $"  {phase.Running} running";
        if (phase.Failed > 0) words += $"  {phase.Failed} failed";
        if (phase.Skipped > 0) words += $"  {phase.Skipped} skipped";
        if (phase.Planned > 0) words += $"  {phase.Planned} planned";
        return $"  {Mark(phase.Status)} {PlainLine.Fit($"{PlainLine.Pad(phase.Title, Math.Min(28, _width / 3))}  {words}", _width - 4)}";
    }

    private IEnumerable<string> Waiting(WaitingPerson waiting, string run)
    {
        yield return "  " + colours.Warn(PlainLine.Fit($"? {waiting.Task}: {waiting.Question}", _width - 2));
        yield return "    " + PlainLine.Fit(waiting.HowTo ?? $"skep answer {run} {waiting.Task} --approve   (or --reject)", _width - 4);
    }

    private string Failure(SettledTask task) =>
        $"  {Mark(task.Status)} {PlainLine.Fit($"{ReadableText.Of(task.Task)}  {task.Error}", _width - 4)}";

    private string Working(WorkingAgent agent)
    {
        var names = Math.Min(40, _width / 2);
        var left = PlainLine.Pad(ReadableText.Of(agent.Task), names / 2) + " " + PlainLine.Pad(agent.Agent, names - names / 2 - 1);
        var elapsed = agent.Paused ? "paused" : DurationText.Format(Whole(now - agent.Since));
        return $"  {(agent.Paused ? colours.Warn("‖") : colours.Info("▸"))} {left} {elapsed,7} {colours.Dim(PlainLine.Fit(agent.LastLine, _width - names - 14))}";
    }

    private string Settled(SettledTask task) =>
        $"  {Mark(task.Status)} {PlainLine.Fit($"{PlainLine.Pad(ReadableText.Of(task.Task), Math.Min(40, _width / 2))} {DurationText.Format(task.Duration)}", _width - 4)}";

    private string Mark(TaskStatus status) => status switch
    {
        TaskStatus.Succeeded => colours.Good("✓"),
        TaskStatus.Waived => colours.Warn("!"),
        TaskStatus.Skipped => colours.Dim("-"),
        TaskStatus.Failed or TaskStatus.TimedOut or TaskStatus.Cancelled => colours.Bad("✗"),
        TaskStatus.Running or TaskStatus.Assigned => colours.Info("▸"),
        _ => colours.Dim("·"),
    };

    /// <summary>Whole seconds: what changes more often than it is drawn is noise.</summary>
    private static TimeSpan Whole(TimeSpan value) => TimeSpan.FromSeconds(Math.Max(0, Math.Floor(value.TotalSeconds)));
}
