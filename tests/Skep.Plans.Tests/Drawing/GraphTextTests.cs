using Skep.Plans.Drawing;
using Skep.Plans.Tests.Graph;

namespace Skep.Plans.Tests.Drawing;

public sealed class GraphTextTests
{
    [Fact]
    public void Mermaid_shows_phases_gates_outcomes_and_the_critical_path()
    {
        const string Expected = """
            flowchart TD
              subgraph p0["Build it"]
                n1["compile"]
                n2["test"]
                n3{{"recall"}}
              end
              subgraph p1["ship"]
                n6["publish"]
                n7["undo"]
              end
              p2["empty"]
              n1 --> n2
              n2 --> n3
              p0 --> p1
              n6 -. on failure .-> n7
              n2 -. always .-> n7
              p1 --> p2
              classDef critical stroke-width:3px
              class n1,n2,n3,n6 critical

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), MermaidWriter.Write(Sample(), Schedule.Compute(Sample()).CriticalPath));
    }

    [Fact]
    public void Dot_shows_phases_as_clusters()
    {
        const string Expected = """
            digraph "sample" {
              graph [rankdir=TB, compound=true, fontname="Helvetica"]
              node [shape=box, style=rounded, fontname="Helvetica"]
              subgraph cluster_p0 {
                label="Build it"
                s0 [shape=point, style=invis]
                n1 [label="compile"]
                s0 -> n1 -> e0 [style=invis]
                n2 [label="test"]
                s0 -> n2 -> e0 [style=invis]
                n3 [label="recall", shape=hexagon, style=solid]
                s0 -> n3 -> e0 [style=invis]
                e0 [shape=point, style=invis]
              }
              subgraph cluster_p1 {
                label="ship"
                s1 [shape=point, style=invis]
                n6 [label="publish"]
                s1 -> n6 -> e1 [style=invis]
                n7 [label="undo"]
                s1 -> n7 -> e1 [style=invis]
                e1 [shape=point, style=invis]
              }
              subgraph cluster_p2 {
                label="empty"
                s2 [shape=point, style=invis]
                e2 [shape=point, style=invis]
              }
              n1 -> n2
              n2 -> n3
              e0 -> s1 [ltail=cluster_p0, lhead=cluster_p1]
              n6 -> n7 [style=dashed, label="on failure"]
              n2 -> n7 [style=dotted, label="always"]
              e1 -> s2 [ltail=cluster_p1, lhead=cluster_p2]
            }

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), DotWriter.Write(Sample()));
    }

    [Theory]
    [InlineData("say \"hi\" & <b>`x`</b>", "#34;hi#34; #38; #60;b#62;#96;x#96;#60;/b#62;")]
    [InlineData("1. first", "1#46; first")]
    [InlineData("- item", "#45; item")]
    [InlineData("a\nb\u0007c", "a bc")]
    public void Mermaid_labels_mean_nothing_but_themselves(string title, string expected)
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1) with { Title = title }));
        Assert.Contains(expected, MermaidWriter.Write(PlanGraph.Build(plan)));
    }

    [Fact]
    public void Dot_labels_cannot_leave_their_quotes()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("t", 1) with { Title = "a\"]; x -> y \\" }));
        Assert.Contains("n1 [label=\"a\\\"]; x -> y \\\\\"]\n", DotWriter.Write(PlanGraph.Build(plan)));
    }

    [Fact]
    public void A_gate_hangs_on_the_last_tasks_only()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("p", "", PlanMaker.Task("a", 1), PlanMaker.Task("b", 1, "a"), PlanMaker.Task("c", 1, "b")) with { Gates = [PlanMaker.Gate("g", "p")] });
        var lines = MermaidWriter.Write(PlanGraph.Build(plan)).Split('\n').Where(l => l.EndsWith(" n4", StringComparison.Ordinal));
        Assert.Equal(["  n3 --> n4"], lines);
    }

    private static PlanGraph Sample()
    {
        var undo = PlanMaker.Task("undo", 1) with { Needs = [new Need("publish", NeedOn.Failure), new Need("test", NeedOn.Settled)] };
        return PlanGraph.Build(PlanMaker.Of(
            PlanMaker.Phase("build", "", PlanMaker.Task("compile", 2), PlanMaker.Task("test", 3, "compile")) with { Title = "Build it", Gates = [PlanMaker.Gate("recall", "build")] },
            PlanMaker.Phase("ship", "build", PlanMaker.Task("publish", 1), undo),
            PlanMaker.Phase("empty", "ship")));
    }

    [Fact]
    public void What_is_only_planned_is_dashed()
    {
        var graph = PlanGraph.Build(PlanText.Valid("plan: x\ntasks: [{ id: a, run: x }, { id: b, planned: true }]\ngates: [{ id: g, title: Later, planned: true }]"));
        Assert.Contains("  classDef planned stroke-dasharray:5 4\n  class n2,n3 planned\n", MermaidWriter.Write(graph), StringComparison.Ordinal);
        Assert.Contains("n2 [label=\"b\", style=\"rounded,dashed\"]", DotWriter.Write(graph), StringComparison.Ordinal);
        Assert.Contains("n3 [label=\"Later\", shape=hexagon, style=dashed]", DotWriter.Write(graph), StringComparison.Ordinal);
        var svg = DagSvg.Draw(graph);
        Assert.Equal(4, svg.Split("class=\"skep-dag-node skep-dag-planned\"").Length); // The task, the gate and the legend.
        Assert.Contains("planned: what it names does not exist yet", svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7.5, "7h 30m")]
    [InlineData(8, "1d")]
    [InlineData(20, "2d 4h")]
    [InlineData(40, "1w")]
    [InlineData(104, "2w 3d")]
    public void Work_reads_in_the_days_and_weeks_of_the_calendar(double hours, string expected) =>
        Assert.Equal(expected, DurationText.FormatWork(TimeSpan.FromHours(hours), WorkCalendar.Office));

    [Fact]
    public void A_graph_shows_estimates_in_working_time() =>
        Assert.Contains("2d 4h", DagSvg.Draw(PlanGraph.Build(PlanText.Valid("plan: x\ncalendar: {}\ntasks: [{ id: a, run: x, estimate: 20h }]"))), StringComparison.Ordinal);
}
