using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>States as a symbol and a word in their colour, the same as in the pictures. Colour is never the only sign.</summary>
internal static class HtmlIcons
{
    public static void Define(HtmlWriter html)
    {
        html.Open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", "0", "height", "0", "class", "defs", "aria-hidden", "true");
        foreach (var state in StateStyle.All.Append(StateStyle.Unknown))
        {
            html.Open("symbol", "id", "i-" + state.Name, "viewBox", "0 0 10 10");
            html.Open("path", "class", state.Solid ? "solid" : "line", "d", state.Icon).End(2);
        }

        html.End();
    }

    public static void State(HtmlWriter html, string name)
    {
        var known = StateStyle.Of(name)!.Name;
        html.Open("span", "class", "state s-" + known);
        Icon(html, known);
        html.Text(name).End();
    }

    public static void Icon(HtmlWriter html, string known) =>
        html.Open("svg", "class", "icon", "aria-hidden", "true").Open("use", "href", "#i-" + known).End(2);
}
