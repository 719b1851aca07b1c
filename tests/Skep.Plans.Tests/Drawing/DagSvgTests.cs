using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skep.Plans.Drawing;
using Skep.Plans.Tests.Graph;

namespace Skep.Plans.Tests.Drawing;

public sealed class DagSvgTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"quoted\" 'single' & ]]> --> <!--")]
    [InlineData("🐝👩‍👩‍👧 é ￿ \u0000\u0008\u000b\u001b[31m")]
    [InlineData("lone \ud83d surrogate \udc1d")]
    [InlineData("\u202egnihtemos esrever")]
    public void Hostile_labels_stay_text(string label)
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1) with { Title = label, Agent = label }) with { Title = label }) with { Goal = label };
        var svg = XDocument.Parse(DagSvg.Draw(PlanGraph.Build(plan), new DagSvgOptions { Title = label, StateOf = _ => label }));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "foreignObject");
        Assert.DoesNotContain(svg.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Name.LocalName == "href");
    }

    [Fact]
    public void Any_text_at_all_gives_a_well_formed_picture() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, 0xFFFF).Select(c => (char)c).ArrayOf().ToArbitrary(), chars =>
        {
            var plan = PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1) with { Title = new string(chars) }));
            return XDocument.Parse(DagSvg.Draw(PlanGraph.Build(plan))).Root is not null;
        }));

    [Fact]
    public void Boxes_never_overlap_and_stay_in_the_picture() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(150),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var layout = DagLayoutOf(seed);
            var boxes = layout.Boxes.Select((p, i) => (p.X, p.Y, Width: Sizes(seed)[i].Width, Height: Sizes(seed)[i].Height)).ToList();
            return boxes.All(b => b.X >= -0.01 && b.X + b.Width <= layout.Width + 0.01 && b.Y + b.Height <= layout.Height + 0.01)
                && boxes.Index().All(a => boxes.Skip(a.Index + 1).All(b =>
                    a.Item.X + a.Item.Width <= b.X + 0.01 || b.X + b.Width <= a.Item.X + 0.01
                    || a.Item.Y + a.Item.Height <= b.Y + 0.01 || b.Y + b.Height <= a.Item.Y + 0.01));
        }));

    [Fact]
    public void Edges_run_downwards() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(150),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var layout = DagLayoutOf(seed);
            return Edges(seed).All(e => layout.Boxes[e.From].Y + Sizes(seed)[e.From].Height <= layout.Boxes[e.To].Y);
        }));

    [Fact]
    public void Crossings_of_a_twisted_ladder_are_undone()
    {
        (double, double)[] boxes = [.. Enumerable.Repeat((100.0, 40.0), 6)];
        var layout = LayeredLayout.Arrange(boxes, [(0, 5), (1, 4), (2, 3)], 3, 20, 30);
        Assert.Equal([layout.Boxes[0].X, layout.Boxes[1].X, layout.Boxes[2].X], [layout.Boxes[5].X, layout.Boxes[4].X, layout.Boxes[3].X]);
    }

    [Fact]
    public void Beyond_the_bound_phases_are_drawn_and_the_picture_says_so()
    {
        var graph = PlanGraph.Build(PlanMaker.Of(
            PlanMaker.Phase("one", "", [.. Enumerable.Range(0, 20).Select(i => PlanMaker.Task($"a{i}", 1))]), PlanMaker.Phase("two", "one", PlanMaker.Task("b", 1))));
        var svg = DagSvg.Draw(graph, new DagSvgOptions { MaxNodes = 20 });
        Assert.Contains("too many to draw one by one: the picture shows phases.", svg);
        Assert.DoesNotContain("a7", svg);
        Assert.Contains("20 tasks", svg);
        Assert.DoesNotContain("too many", DagSvg.Draw(graph, new DagSvgOptions { MaxNodes = 21 }));
    }

    [Fact]
    public void Phases_that_need_each_others_tasks_are_drawn()
    {
        var graph = PlanGraph.Build(PlanMaker.Of(
            PlanMaker.Phase("one", "", PlanMaker.Task("a", 1), PlanMaker.Task("c", 1, "b")), PlanMaker.Phase("two", "", PlanMaker.Task("b", 1, "a"))));
        Assert.NotNull(XDocument.Parse(DagSvg.Draw(graph)).Root);
    }

    [Fact]
    public void Every_state_has_its_own_symbol_and_an_unknown_one_is_shown_as_other()
    {
        Assert.Equal(StateStyle.All.Count, StateStyle.All.Select(s => s.Icon).Distinct().Count());
        var graph = PlanGraph.Build(PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1))));
        Assert.Contains("skep-dag-s-other", DagSvg.Draw(graph, new DagSvgOptions { StateOf = _ => "melted" }));
    }

    [Fact]
    public void An_empty_plan_is_drawn() => Assert.NotNull(XDocument.Parse(DagSvg.Draw(PlanGraph.Build(PlanMaker.Of()))).Root);

    [Fact]
    public void The_picture_follows_the_readers_colour_scheme_unless_told_otherwise()
    {
        var graph = PlanGraph.Build(PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1))));
        Assert.Contains("prefers-color-scheme:dark", DagSvg.Draw(graph));
        Assert.DoesNotContain("prefers-color-scheme", DagSvg.Draw(graph, new DagSvgOptions { Theme = SvgTheme.Light }));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.012, "12ms")]
    [InlineData(4.5, "4.5s")]
    [InlineData(59.97, "1m")]
    [InlineData(200, "3m 20s")]
    [InlineData(7500, "2h 05m")]
    [InlineData(100_800, "1d 4h")]
    public void Durations_read_well(double seconds, string expected) => Assert.Equal(expected, DurationText.Format(TimeSpan.FromSeconds(seconds)));

    private static LayoutResult DagLayoutOf(int seed) => LayeredLayout.Arrange(Sizes(seed), Edges(seed), 1 + (seed % 4), 20, 30);

    private static (double Width, double Height)[] Sizes(int seed) =>
        [.. PlanMaker.Random(seed, 16).Tasks.Select((_, i) => (40.0 + (seed % (i + 7) * 9), 20.0 + (i % 3 * 10)))];

    private static (int From, int To)[] Edges(int seed) =>
        [.. PlanMaker.Random(seed, 16).Tasks.SelectMany((t, i) => t.Needs.Select(n => (int.Parse(n.Id.AsSpan(1), CultureInfo.InvariantCulture), i)))];
}
