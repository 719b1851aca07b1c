using System.Xml.Linq;
using Skep.Plans.Drawing;
using Skep.Plans.Tests.Graph;

namespace Skep.Plans.Tests.Drawing;

public sealed class GanttTests
{
    [Fact]
    public void Text_marks_critical_bars_retries_and_milestones()
    {
        const string Expected = """
                               │0s          10m          20m   │
            build
              compile everyth… │▒▒▒▒▒▒▒▒▒▒▒x  ███████████      │    19m
              lint             │▒▒▒▒▒                          │     4m
            ship
              publish          │                         █████>│     5m
              approved         │                              ◆│     0s
            █ critical   ▒ other   > running   x failed

            """;
        var text = GanttText.Draw(Sample(), new GanttTextOptions { Width = 60 });
        Assert.Equal(Expected.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void Ascii_text_holds_nothing_but_ascii()
    {
        var text = GanttText.Draw([.. Sample(), new GanttBar("résumé 🐝 of something quite long", default, Minutes(3))], new GanttTextOptions { Ascii = true, Width = 60 });
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
    }

    [Fact]
    public void Lines_fit_the_terminal()
    {
        var bars = Sample().Append(new GanttBar("漢字の長い名前がここにあります", default, Minutes(90), "running")).ToList();
        foreach (var width in new[] { 40, 61, 80, 200 })
            Assert.All(GanttText.Draw(bars, new GanttTextOptions { Width = width }).Split('\n').SkipLast(2), l => Assert.True(TextMetricsOf(l) <= width, l));
    }

    [Fact]
    public void Labels_cannot_drive_the_terminal()
    {
        var text = GanttText.Draw([new GanttBar("a\u001b[2J\u009b31m\u202eb", default, Minutes(1))]);
        Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
    }

    [Fact]
    public void Too_many_rows_are_cut_to_the_longest_and_said_so()
    {
        var bars = Enumerable.Range(0, 50).Select(i => new GanttBar($"row{i}", default, Minutes(i))).ToList();
        var text = GanttText.Draw(bars, new GanttTextOptions { MaxRows = 3 });
        Assert.Contains("row47", text);
        Assert.DoesNotContain("row46", text);
        Assert.Contains("47 more rows are not shown; these are the 3 that take longest.", text);
        Assert.Contains("47 more rows are not shown", GanttSvg.Draw(bars, new GanttSvgOptions { MaxRows = 3 }));
    }

    [Fact]
    public void A_bar_that_finishes_before_it_starts_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => GanttSvg.Draw([new GanttBar("odd", Minutes(2), Minutes(1))]));
        Assert.Contains("'odd'", error.Message);
    }

    [Fact]
    public void No_bars_and_no_time_are_drawn_too()
    {
        Assert.Equal("Nothing to show.\n", GanttText.Draw([]));
        Assert.NotNull(XDocument.Parse(GanttSvg.Draw([])).Root);
        Assert.NotNull(XDocument.Parse(GanttSvg.Draw([new GanttBar("x", default, default)])).Root);
        Assert.Contains('◆', GanttText.Draw([new GanttBar("x", default, default)]));
    }

    [Fact]
    public void The_picture_names_itself_and_holds_no_scripts()
    {
        var svg = XDocument.Parse(GanttSvg.Draw(Sample(), new GanttSvgOptions { Title = "A & B <i>", Prefix = "g1" }));
        Assert.Equal("img", (string?)svg.Root!.Attribute("role"));
        Assert.Equal("g1-title g1-desc", (string?)svg.Root.Attribute("aria-labelledby"));
        Assert.Equal("A & B <i>", svg.Root.Elements().First(e => e.Name.LocalName == "title").Value);
        Assert.All(svg.Descendants().Attributes("class"), a => Assert.All(a.Value.Split(' '), c => Assert.StartsWith("g1", c)));
    }

    [Fact]
    public void Every_execution_of_a_schedule_is_a_bar()
    {
        var items = Enumerable.Range(0, 3).Select(_ => PlanValue.Null).ToList();
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("a", 1) with { ForeachItems = items }, PlanMaker.Task("b", 2, "a")));
        var bars = GanttBar.From(ResourceSchedule.Compute(Schedule.Compute(PlanGraph.Build(plan)), 2));
        Assert.Equal(["a 0 1", "a 0 1", "a 1 2", "b 2 4"], bars.Select(b => $"{b.Row} {b.Start.TotalMinutes} {b.Finish.TotalMinutes}"));
        Assert.All(bars, b => Assert.Equal("main", b.Group));
    }

    private static IReadOnlyList<GanttBar> Sample() =>
    [
        new("compile everything there is", default, Minutes(10), "failed", Group: "build"),
        new("compile everything there is", Minutes(11), Minutes(20), "succeeded", true, Group: "build"),
        new("lint", default, Minutes(4), "succeeded", Group: "build"),
        new("publish", Minutes(20), Minutes(25), "running", true, Group: "ship"),
        new("approved", Minutes(25), Minutes(25), Group: "ship"),
    ];

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    private static int TextMetricsOf(string line) => line.Sum(c => c > 0x2E80 ? 2 : 1);
}
