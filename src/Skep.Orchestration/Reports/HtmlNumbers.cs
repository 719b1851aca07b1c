namespace Skep.Orchestration;

/// <summary>The numbers as cards; one with much to say about itself gets room for two.</summary>
internal static class HtmlNumbers
{
    private const int BroadFrom = 90;

    public static void Write(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "numbers", "Numbers");
        html.Open("dl", "class", "cards");
        foreach (var figure in Figures.Of(facts))
        {
            html.Open("div", "class", figure.Note.Length >= BroadFrom ? "card broad" : "card").Element("dt", figure.Label);
            html.Open("dd").Element("span", figure.Value, "class", "value").Element("span", figure.Note, "class", "note").End(2);
        }

        html.End(2);
    }
}
