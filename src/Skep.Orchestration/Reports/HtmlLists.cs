namespace Skep.Orchestration;

/// <summary>Artifacts, metrics and outputs.</summary>
internal static class HtmlLists
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        foreach (var list in ReportLists.Of(facts)) List(html, list);
    }

    private static void List(HtmlWriter html, ReportList list)
    {
        HtmlReport.Section(html, list.Title.ToLowerInvariant().Replace(' ', '-'), list.Title);
        if (list.Rows.Count == 0)
        {
            html.Element("p", list.Empty, "class", "empty").End();
            return;
        }

        html.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", list.Title).Open("table").Open("thead").Open("tr");
        foreach (var column in list.Columns) html.Element("th", column.Title, "scope", "col", "class", column.Kind == CellKind.Number ? "num" : "");
        html.End(2).Open("tbody");
        foreach (var row in list.Rows)
        {
            html.Open("tr");
            for (var i = 0; i < row.Count; i++) Cell(html, list.Columns[i].Kind, row[i]);
            html.End();
        }

        html.End(3);
        if (list.Hidden > 0) html.Element("p", $"{ReportText.Count(list.Hidden)} more not listed.", "class", "muted small");
        html.End();
    }

    private static void Cell(HtmlWriter html, CellKind kind, string text)
    {
        if (kind == CellKind.Code) html.Open("td").Element("code", text).End();
        else html.Element("td", text, "class", kind == CellKind.Number ? "num" : "value");
    }
}
