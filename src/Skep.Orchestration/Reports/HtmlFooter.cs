namespace Skep.Orchestration;

/// <summary>How to go on from here, and what made the run.</summary>
internal static class HtmlFooter
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        html.Open("footer");
        if (NextStep.Of(facts) is { } next) html.Open("p").Text(next.Why + " ").Element("code", next.Command).End();
        html.Element("p", NextStep.Imprint(facts), "class", "muted small");
        html.End();
    }
}
