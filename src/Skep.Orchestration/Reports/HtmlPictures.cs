using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The timeline of attempts and the graph in the colours of its states.</summary>
internal static class HtmlPictures
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        Timeline(html, facts);
        Graph(html, facts);
    }

    private static void Timeline(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "timeline", "Timeline");
        var timeline = Skep.Orchestration.Timeline.Of(facts);
        if (timeline.Bars.Count == 0)
        {
            html.Element("p", "No attempt has begun.", "class", "empty").End();
            return;
        }

        var options = new GanttSvgOptions { Title = "Attempts over time", Prefix = "skep-timeline", Width = 1120, MaxRows = ReportBounds.TimelineRows };
        Figure(html, "timeline", GanttSvg.Draw(timeline.Bars, options));
        if (timeline.Hidden > 0) html.Element("p", $"Of large fan-outs the whole is drawn, with the items that took longest; {ReportText.Count(timeline.Hidden)} more are not drawn one by one.", "class", "muted small");
        html.End();
    }

    private static void Graph(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "graph", "Graph");
        if (facts.Graph.Nodes.Count == 0)
        {
            html.Element("p", "The plan has no phases.", "class", "empty").End();
            return;
        }

        var options = new DagSvgOptions
        {
            Title = "Plan by state",
            Prefix = "skep-graph",
            StateOf = n => facts.NodeStates[n.Index],
            CriticalPath = [.. facts.Path.Steps.Select(s => s.Node)],
        };
        Figure(html, "graph", DagSvg.Draw(facts.Graph, options));
        html.End();
    }

    /// <summary>Wide pictures scroll in their own frame instead of shrinking to dots or widening the page.</summary>
    private static void Figure(HtmlWriter html, string kind, string svg) =>
        html.Open("div", "class", $"picture {kind}", "tabindex", "0", "role", "region", "aria-label", kind).Raw(svg).End();
}
