using System.Globalization;
using System.Runtime.CompilerServices;

namespace Skep.Plans.Tests.Examples;

/// <summary>The plans of the source documents: they are right, and their README states what they say.</summary>
public class SeedPlansTests
{
    private static readonly string Folder = Seeds();
    private static readonly string Readme = File.ReadAllText(Path.Combine(Folder, "README.md"));

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_source_plan_is_right_and_has_no_warnings(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".yaml"));
        Assert.Empty(PlanText.Report(text));
        var plan = PlanText.Valid(text);
        Assert.Equal(name, plan.Name);
        Assert.StartsWith("# yaml-language-server: $schema=../../schemas/plan.schema.json\n", text, StringComparison.Ordinal);
        Assert.All(plan.Tasks, t => Assert.True(t.Planned, $"{t.Id} is not planned, but what it needs is not in this repository"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_readme_counts_what_a_plan_holds(string name)
    {
        var plan = Read(name);
        Row($"| [{name}]({name}.yaml) | {plan.Agents.Count} | {plan.Teams.Count} | {plan.Phases.Count} | {plan.Tasks.Count()} | {plan.Gates.Count()} | {plan.AllHooks.Count()} | {plan.Triggers.Count} | {plan.Phases.Count(p => p.Checkpoint)} | {plan.Risks.Count} |");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_readme_states_the_schedule_that_the_plan_has(string name)
    {
        var schedule = Schedule.Compute(PlanGraph.Build(Read(name)));
        var limited = ResourceSchedule.Compute(schedule);
        var calendar = schedule.Graph.Plan.Calendar!;
        string Weeks(TimeSpan work) => (work / calendar.Week).ToString("0.##", CultureInfo.InvariantCulture);
        Row(FormattableString.Invariant($"| {name} | {limited.Slots} | {Weeks(limited.Makespan)} | {Weeks(schedule.Span)} | {Weeks(schedule.TotalWork)} | {schedule.SpeedUpBound:0.0} | {schedule.MaxParallelism} |"));
        Row($"`{string.Join(" → ", schedule.CriticalPath.Where(n => n.Kind == NodeKind.Task).Select(n => n.Id))}`");
    }

    [Fact]
    public void The_gaps_of_the_optimization_plan_rank_as_their_document_says()
    {
        // The document's table of scores: all of them follow from impact and effort.
        var scores = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["qw-001"] = 13, ["qw-002"] = 11, ["qw-003"] = 11, ["gap-001"] = 13, ["gap-002"] = 13, ["gap-003"] = 11, ["gap-004"] = 11,
            ["gap-005"] = 11, ["gap-006"] = 9, ["gap-007"] = 6, ["gap-008"] = 7, ["gap-009"] = 7, ["gap-010"] = 9, ["gap-011"] = 9,
            ["gap-012"] = 6, ["gap-013"] = 5, ["gap-014"] = 5, ["gap-015"] = 5, ["gap-016"] = 11, ["gap-017"] = 7, ["gap-018"] = 7,
        };
        var ranked = Prioritizer.Rank(Read("agent-optimization")).Scored;
        Assert.Equal(scores.OrderBy(s => s.Key, StringComparer.Ordinal), ranked.ToDictionary(s => s.Task.Id, s => s.Score).OrderBy(s => s.Key, StringComparer.Ordinal));
        Assert.Equal([3, 9, 9], ranked.CountBy(s => s.Class).OrderBy(c => c.Key).Select(c => c.Value));
    }

    private static Plan Read(string name) => PlanText.Valid(File.ReadAllText(Path.Combine(Folder, name + ".yaml")));

    private static void Row(string expected) =>
        Assert.True(Readme.Contains(expected, StringComparison.Ordinal), $"examples/seeds/README.md must say:\n{expected}");

    private static string Seeds([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "examples", "seeds"));
}
