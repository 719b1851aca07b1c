using System.Globalization;
using System.Text;
using Skep.Plans.Drawing;

namespace Skep.Plans;

/// <summary>Priorities as text: a table, and the four quadrants as boxes.</summary>
public static class PrioritiesText
{
    /// <summary>Most tasks listed in one quadrant; the rest is counted.</summary>
    public const int MaxPerQuadrant = 8;

    private const int LabelCells = 44;

    /// <summary>The table, highest score first, and below it the tasks without a score.</summary>
    public static string Table(PlanPriorities priorities)
    {
        ArgumentNullException.ThrowIfNull(priorities);
        var text = new StringBuilder();
        var names = priorities.Scored.Select(s => Label(s.Task)).ToList();
        var width = Math.Clamp(names.Select(TextMetrics.Cells).DefaultIfEmpty(4).Max(), 4, LabelCells);
        if (names.Count == 0) text.Append("No task has both impact and effort.\n");
        else Line(text, $"{TextMetrics.Pad("Task", width)}  Impact  Effort  Score  Priority  Quadrant");
        for (var i = 0; i < names.Count; i++)
        {
            var s = priorities.Scored[i];
            Line(text, $"{TextMetrics.Pad(names[i], width)}  {s.Impact,6}  {s.Effort,6}  {s.Score,5}  {s.Class,-8}  {Prioritizer.NameOf(s.Quadrant)}");
        }

        if (priorities.Unscored.Count > 0)
            Line(text, $"\nNot scored (give impact and effort, 1 to 10): {string.Join(", ", priorities.Unscored.Select(t => PlainText.Clean(t.Id)))}");
        return text.ToString();
    }

    /// <summary>The quadrants: impact upwards, effort to the right.</summary>
    /// <param name="priorities">The priorities.</param>
    /// <param name="width">Columns of the terminal, at least 48.</param>
    public static string Quadrants(PlanPriorities priorities, int width = 80)
    {
        ArgumentNullException.ThrowIfNull(priorities);
        var cells = (Math.Max(width, 48) - 9) / 2;
        var text = new StringBuilder();
        Line(text, "impact");
        Line(text, $"    10 ┌{new string('─', cells)}┬{new string('─', cells)}┐");
        Row(text, Content(priorities, Quadrant.QuickWins, cells), Content(priorities, Quadrant.Strategic, cells), cells);
        Line(text, $"   5.5 ├{new string('─', cells)}┼{new string('─', cells)}┤");
        Row(text, Content(priorities, Quadrant.FillIn, cells), Content(priorities, Quadrant.AvoidOrDefer, cells), cells);
        Line(text, $"     1 └{new string('─', cells)}┴{new string('─', cells)}┘");
        Line(text, $"       1{new string(' ', cells - 2)}5.5{new string(' ', cells - 9)}10 effort");
        return text.ToString();
    }

    private static List<string> Content(PlanPriorities priorities, Quadrant quadrant, int cells)
    {
        var tasks = priorities.In(quadrant).ToList();
        var lines = new List<string> { Prioritizer.NameOf(quadrant).ToUpper(CultureInfo.InvariantCulture) };
        foreach (var s in tasks.Take(MaxPerQuadrant))
            lines.Add($"{TextMetrics.Pad(Label(s.Task), cells - 7).TrimEnd()} ({s.Score})");
        if (tasks.Count > MaxPerQuadrant) lines.Add($"… and {tasks.Count - MaxPerQuadrant:N0} more");
        if (tasks.Count == 0) lines.Add("–");
        return lines;
    }

    private static void Row(StringBuilder text, List<string> left, List<string> right, int cells)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
            Line(text, $"       │{Cell(left, i, cells)}│{Cell(right, i, cells)}│");
    }

    private static string Cell(List<string> lines, int i, int cells) => TextMetrics.Pad(i < lines.Count ? " " + lines[i] : "", cells);

    private static string Label(PlanTask task) => PlainText.Clean(task.Title is null ? task.Id : $"{task.Id}: {task.Title}");

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd(' ')).Append('\n');
}
