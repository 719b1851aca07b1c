using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>
/// The style sheet of a picture. Every colour is a CSS variable with a plain value before it: browsers follow the reader's colour
/// scheme (and a page that embeds the picture may set the variables), other viewers take the plain value.
/// </summary>
internal static class SvgStyle
{
    private static readonly (string Name, string Light, string Dark)[] s_colours =
    [
        ("bg", "#ffffff", "#0f141b"),
        ("band", "#f3f5f8", "#171e28"),
        ("band-line", "#d5dbe3", "#2c3746"),
        ("node", "#ffffff", "#1f2835"),
        ("node-line", "#8b98a9", "#66758a"),
        ("ink", "#17202b", "#e8edf3"),
        ("muted", "#566273", "#a3b0c0"),
        ("grid", "#e3e8ee", "#263140"),
        ("edge", "#7a8797", "#7f8ea1"),
        ("critical", "#b45309", "#fbbf24"),
        ("plain", "#4b7bb5", "#6aa2e0"),
        ("on-bar", "#ffffff", "#0f141b"),
    ];

    public static string Css(string prefix, SvgTheme theme)
    {
        var css = new StringBuilder();
        var colours = s_colours.Concat(StateStyle.All.Append(StateStyle.Unknown).Select(s => ("s-" + s.Name, s.Light, s.Dark))).ToArray();
        if (theme == SvgTheme.Auto) css.Append("@media (prefers-color-scheme:dark){").Append(Variables(prefix, colours)).Append('}');
        Rules(css, prefix, (property, name) => Declare(property, name, prefix, colours, theme));
        return css.ToString();
    }

    private static string Variables(string prefix, (string Name, string Light, string Dark)[] colours) =>
        $".{prefix}{{{string.Join(';', colours.Select(c => $"--{prefix}-{c.Name}:{c.Dark}"))}}}";

    private static string Declare(string property, string name, string prefix, (string Name, string Light, string Dark)[] colours, SvgTheme theme)
    {
        var colour = Array.Find(colours, c => c.Name == name);
        var value = theme == SvgTheme.Dark ? colour.Dark : colour.Light;
        return theme == SvgTheme.Auto ? $"{property}:{value};{property}:var(--{prefix}-{name},{value})" : $"{property}:{value}";
    }

    private static void Rules(StringBuilder css, string prefix, Func<string, string, string> colour)
    {
        void Rule(string name, params string[] declarations) =>
            css.Append('.').Append(prefix).Append('-').Append(name).Append('{').AppendJoin(';', declarations).Append('}');

        css.Append($".{prefix} text{{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',sans-serif;font-size:12px;{colour("fill", "ink")}}}");
        Rule("bg", colour("fill", "bg"));
        Rule("band", colour("fill", "band"), colour("stroke", "band-line"));
        Rule("node", colour("fill", "node"), colour("stroke", "node-line"), "stroke-width:1.2");
        Rule("planned", "stroke-dasharray:5 4");
        Rule("tint", "fill-opacity:.14");
        Rule("rule", colour("stroke", "band-line"), "stroke-dasharray:4 4", "fill:none");
        Rule("grid", colour("stroke", "grid"));
        Rule("axis", colour("stroke", "node-line"));
        Rule("edge", "fill:none", colour("stroke", "edge"), "stroke-width:1.4");
        Rule("edge-phase", "stroke-width:2.2");
        Rule("edge-failure", "stroke-dasharray:5 4");
        Rule("edge-settled", "stroke-dasharray:1.5 3.5");
        Rule("edge-critical", colour("stroke", "critical"), "stroke-width:2.6");
        Rule("arrow", colour("fill", "edge"));
        Rule("arrow-critical", colour("fill", "critical"));
        Rule("critical", colour("stroke", "critical"), "stroke-width:2.4", "fill:none");
        Rule("critical-ink", colour("stroke", "ink"), "stroke-width:2.4", "fill:none");
        Rule("edge-critical-ink", colour("stroke", "ink"), "stroke-width:2.6");
        Rule("arrow-critical-ink", colour("fill", "ink"));
        Rule("bar", colour("fill", "plain"));
        Rule("bar-critical", colour("fill", "critical"));
        Rule("dot", colour("fill", "plain"), colour("stroke", "bg"), "stroke-width:1.5");
        Rule("leader", colour("stroke", "node-line"), "stroke-width:.8");
        Rule("icon", "fill:none", "stroke-width:1.7", "stroke-linecap:round", "stroke-linejoin:round");
        Rule("icon-solid", "stroke:none");
        css.Append($".{prefix} .{prefix}-title{{font-size:16px;font-weight:600}}");
        css.Append($".{prefix} .{prefix}-strong{{font-weight:600}}");
        css.Append($".{prefix} .{prefix}-small{{font-size:11px}}");
        css.Append($".{prefix} .{prefix}-muted{{{colour("fill", "muted")}}}");
        css.Append($".{prefix} .{prefix}-on-bar{{{colour("fill", "on-bar")}}}");
        css.Append($".{prefix} .{prefix}-end{{text-anchor:end}}.{prefix} .{prefix}-middle{{text-anchor:middle}}");
        Rule($"icon.{prefix}-on-mark", colour("stroke", "on-bar"));
        Rule($"icon-solid.{prefix}-on-mark", colour("fill", "on-bar"));
        foreach (var state in StateStyle.All.Append(StateStyle.Unknown))
        {
            Rule($"icon.{prefix}-s-{state.Name}", colour("stroke", $"s-{state.Name}"));
            Rule($"icon-solid.{prefix}-s-{state.Name}", colour("fill", $"s-{state.Name}"));
            Rule($"node.{prefix}-s-{state.Name}", colour("stroke", $"s-{state.Name}"), "stroke-width:1.6");
            Rule($"tint.{prefix}-s-{state.Name}", colour("fill", $"s-{state.Name}"));
            Rule($"bar.{prefix}-s-{state.Name}", colour("fill", $"s-{state.Name}"));
        }
    }
}
