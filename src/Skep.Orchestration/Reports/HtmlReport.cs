namespace Skep.Orchestration;

/// <summary>Assembles the page: head, then one section after the other.</summary>
internal static class HtmlReport
{
    /// <summary>Nothing is loaded from anywhere, nothing is executed.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    public static string Write(RunFacts facts)
    {
        var html = new HtmlWriter();
        html.Raw("<!DOCTYPE html>\n").Open("html", "lang", "en");
        Head(html, facts);
        html.Open("body");
        HtmlIcons.Define(html);
        html.Open("main");
        HtmlHeader.Write(html, facts);
        HtmlNumbers.Write(html, facts);
        HtmlPath.Write(html, facts);
        HtmlPictures.Write(html, facts);
        HtmlTasks.Write(html, facts);
        HtmlGates.Write(html, facts);
        HtmlLists.Write(html, facts);
        HtmlFooter.Write(html, facts);
        return html.Finish();
    }

    /// <summary>Opens a section with its heading; the caller ends it.</summary>
    public static void Section(HtmlWriter html, string id, string title) =>
        html.Open("section", "id", id, "aria-labelledby", id + "-title").Element("h2", title, "id", id + "-title");

    private static void Head(HtmlWriter html, RunFacts facts)
    {
        html.Open("head");
        html.Void("meta", "charset", "utf-8");
        html.Void("meta", "http-equiv", "Content-Security-Policy", "content", Policy);
        html.Void("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.Void("meta", "name", "color-scheme", "content", "light dark");
        html.Void("meta", "name", "referrer", "content", "no-referrer");
        html.Element("title", $"{ReportText.Line(facts.Graph.Plan.Name)} · {facts.Status.Name()} · Skep run report");
        html.Raw("<style>").Raw(HtmlStyle.Css).Raw(HtmlStyle.States()).Raw("</style>").End();
    }
}
