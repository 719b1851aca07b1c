using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Skep.Plans.Tests.Graph;

namespace Skep.Plans.Tests.Priorities;

public sealed class PrioritizerTests
{
    // A published gap list with its scores and classes. Every row agrees with the formula. What does not agree is the prose around
    // the table: it counts six P0 gaps where only three rows reach 12 (its heading "critical" covers rows that it classes P1), and
    // its quadrants file rows of impact 6 and 7 under "low impact".
    private static readonly (string Id, int Impact, int Effort, int Score, PriorityClass Class)[] s_published =
    [
        ("QW-001", 7, 1, 13, PriorityClass.P0), ("QW-002", 6, 1, 11, PriorityClass.P1), ("QW-003", 7, 3, 11, PriorityClass.P1),
        ("GAP-001", 9, 5, 13, PriorityClass.P0), ("GAP-002", 10, 7, 13, PriorityClass.P0), ("GAP-003", 8, 5, 11, PriorityClass.P1),
        ("GAP-004", 8, 5, 11, PriorityClass.P1), ("GAP-005", 8, 5, 11, PriorityClass.P1), ("GAP-006", 8, 7, 9, PriorityClass.P1),
        ("GAP-007", 7, 8, 6, PriorityClass.P2), ("GAP-008", 6, 5, 7, PriorityClass.P2), ("GAP-009", 6, 5, 7, PriorityClass.P2),
        ("GAP-010", 7, 5, 9, PriorityClass.P1), ("GAP-011", 7, 5, 9, PriorityClass.P1), ("GAP-012", 6, 6, 6, PriorityClass.P2),
        ("GAP-013", 6, 7, 5, PriorityClass.P2), ("GAP-014", 5, 5, 5, PriorityClass.P2), ("GAP-015", 6, 7, 5, PriorityClass.P2),
        ("GAP-016", 10, 9, 11, PriorityClass.P1), ("GAP-017", 6, 5, 7, PriorityClass.P2), ("GAP-018", 6, 5, 7, PriorityClass.P2),
    ];

    [Fact]
    public void Scores_and_classes_agree_with_a_published_table()
    {
        var ranked = Prioritizer.Rank(Plan([.. s_published.Select(r => Task(r.Id, r.Impact, r.Effort))]));
        Assert.Equal(s_published.OrderBy(r => r.Id).Select(r => (r.Id, r.Score, r.Class)),
            ranked.Scored.OrderBy(s => s.Task.Id).Select(s => (s.Task.Id, s.Score, s.Class)));
    }

    [Theory]
    [InlineData(6, 1, PriorityClass.P1)]
    [InlineData(7, 2, PriorityClass.P0)]
    [InlineData(5, 2, PriorityClass.P1)]
    [InlineData(5, 3, PriorityClass.P2)]
    [InlineData(3, 2, PriorityClass.P2)]
    [InlineData(3, 3, PriorityClass.P3)]
    [InlineData(1, 10, PriorityClass.P3)]
    public void Classes_change_at_12_8_and_4(int impact, int effort, PriorityClass expected) =>
        Assert.Equal(expected, new ScoredTask(Task("t", impact, effort), impact, effort).Class);

    [Theory]
    [InlineData(6, 5, Quadrant.QuickWins)]
    [InlineData(6, 6, Quadrant.Strategic)]
    [InlineData(5, 5, Quadrant.FillIn)]
    [InlineData(5, 6, Quadrant.AvoidOrDefer)]
    public void Quadrants_meet_in_the_middle_of_both_scales(int impact, int effort, Quadrant expected) =>
        Assert.Equal(expected, new ScoredTask(Task("t", impact, effort), impact, effort).Quadrant);

    [Fact]
    public void Equal_scores_are_ordered_by_effort_then_file_order()
    {
        var ranked = Prioritizer.Rank(Plan(Task("late", 8, 5), Task("easy", 6, 1), Task("later", 8, 5), Task("loose", null, 3)));
        Assert.Equal(["easy", "late", "later"], ranked.Scored.Select(s => s.Task.Id));
        Assert.Equal(["loose"], ranked.Unscored.Select(t => t.Id));
    }

    [Fact]
    public void A_value_off_the_scale_is_refused_with_its_task()
    {
        var error = Assert.Throws<ArgumentException>(() => Prioritizer.Rank(Plan(Task("big", 11, 1))));
        Assert.Contains("impact of task 'big'", error.Message);
    }

    [Fact]
    public void The_table_is_sorted_and_names_what_is_not_scored()
    {
        const string Expected = """
            Task           Impact  Effort  Score  Priority  Quadrant
            win                 7       1     13  P0        Quick wins
            bet: Big idea      10       9     11  P1        Strategic
            trap                2       9     -5  P3        Avoid or defer

            Not scored (give impact and effort, 1 to 10): loose

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), PrioritiesText.Table(Sample()));
    }

    [Fact]
    public void The_quadrants_are_drawn_as_boxes()
    {
        const string Expected = """
            impact
                10 ┌───────────────────┬───────────────────┐
                   │ QUICK WINS        │ STRATEGIC         │
                   │ win (13)          │ bet: Big id… (11) │
               5.5 ├───────────────────┼───────────────────┤
                   │ FILL-IN           │ AVOID OR DEFER    │
                   │ –                 │ trap (-5)         │
                 1 └───────────────────┴───────────────────┘
                   1                 5.5          10 effort

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), PrioritiesText.Quadrants(Sample(), 48));
    }

    [Fact]
    public void The_picture_is_well_formed_and_keeps_hostile_titles_as_text()
    {
        var ranked = Prioritizer.Rank(Plan(Task("x", 7, 2) with { Title = "<script>alert('1')</script>\u0001\u001b[31m \ud83d" }));
        var svg = XDocument.Parse(QuadrantSvg.Draw(ranked));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.Contains(svg.Descendants(), e => e.Value.Contains("<script>", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_of_the_picture_do_not_overlap()
    {
        var ranked = Prioritizer.Rank(Plan([.. s_published.Select(r => Task(r.Id, r.Impact, r.Effort))]));
        var svg = XDocument.Parse(QuadrantSvg.Draw(ranked));
        var labels = svg.Descendants().Where(e => e.Name.LocalName == "text" && e.Value.StartsWith("GAP-", StringComparison.Ordinal))
            .Select(e => (X: (double)e.Attribute("x")!, Y: (double)e.Attribute("y")!)).ToList();

        Assert.True(labels.Count >= 10);
        foreach (var (a, i) in labels.Select((l, i) => (l, i)))
            Assert.DoesNotContain(labels.Skip(i + 1), b => Math.Abs(a.X - b.X) < 45 && Math.Abs(a.Y - b.Y) < 12);
    }

    [Fact]
    public void The_json_form_keeps_the_order()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) PrioritiesJson.Write(writer, Sample());
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));

        var first = json.RootElement.GetProperty("tasks")[0];
        Assert.Equal(("win", 13, "P0", "quick-wins"), (first.GetProperty("id").GetString(), first.GetProperty("score").GetInt32(),
            first.GetProperty("priority").GetString(), first.GetProperty("quadrant").GetString()));
        Assert.Equal("loose", json.RootElement.GetProperty("unscored")[0].GetString());
    }

    private static PlanPriorities Sample() => Prioritizer.Rank(Plan(
        Task("trap", 2, 9), Task("bet", 10, 9) with { Title = "Big idea" }, Task("loose", null, null), Task("win", 7, 1)));

    private static Plan Plan(params PlanTask[] tasks) => PlanMaker.Of(PlanMaker.Phase("main", "", tasks));

    private static PlanTask Task(string id, int? impact, int? effort) => PlanMaker.Task(id, 1) with { Impact = impact, Effort = effort };
}
