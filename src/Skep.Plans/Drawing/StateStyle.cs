namespace Skep.Plans.Drawing;

/// <summary>
/// How a state looks. Colours keep apart for people with any of the common colour-vision deficiencies (blue, teal, vermilion,
/// amber and violet differ in lightness as well), and every state has a symbol of its own, so colour is never the only sign.
/// </summary>
/// <param name="Name">State name.</param>
/// <param name="Light">Colour on a light background.</param>
/// <param name="Dark">Colour on a dark background.</param>
/// <param name="Icon">Path of the symbol in a square of 10 × 10.</param>
/// <param name="Solid">Whether the symbol is filled instead of stroked.</param>
/// <param name="Mark">The symbol as one character.</param>
public sealed record StateStyle(string Name, string Light, string Dark, string Icon, bool Solid, char Mark)
{
    private const string Ring = "M5 1a4 4 0 1 1 0 8a4 4 0 1 1 0-8z";

    /// <summary>Used for a state that is not known.</summary>
    public static StateStyle Unknown { get; } = new("other", "#6b7280", "#9ca3af", "M3.4 3.6a1.7 1.7 0 1 1 2.4 1.6q-.8.5-.8 1.3M5 8.4v.2", false, '?');

    /// <summary>All states in the order of a task's life.</summary>
    public static IReadOnlyList<StateStyle> All { get; } =
    [
        new("pending", "#6b7280", "#9ca3af", Ring, false, '·'),
        new("ready", "#0e7490", "#22d3ee", Ring + "M5 4a1 1 0 1 1 0 2a1 1 0 1 1 0-2z", false, 'o'),
        new("assigned", "#4f46e5", "#a5b4fc", "M1 5h7M5.4 2.2L8.4 5L5.4 7.8", false, '~'),
        new("running", "#0969da", "#58a6ff", "M2.5 1.2L8.8 5L2.5 8.8z", true, '>'),
        new("succeeded", "#0f7b5f", "#34d399", "M1.4 5.4L4 8L8.6 2.2", false, '+'),
        new("failed", "#c2410c", "#fb7a4a", "M2 2L8 8M8 2L2 8", false, 'x'),
        new("timed-out", "#a16207", "#facc15", Ring + "M5 2.8V5.2L6.8 6.2", false, 't'),
        new("cancelled", "#9d4b8e", "#e29bd3", Ring + "M2.3 7.7L7.7 2.3", false, '/'),
        new("skipped", "#64748b", "#94a3b8", "M1.5 2L4.5 5L1.5 8M5.5 2L8.5 5L5.5 8", false, '-'),
        new("waived", "#b45309", "#fbbf24", "M2.5 1.2V9M2.5 1.6H8L6.4 3.6L8 5.6H2.5", false, 'w'),
        new("planned", "#57606a", "#8b949e", "M1 5h1.6M4.2 5h1.6M7.4 5h1.6", false, ':'),
        new("lost", "#be185d", "#f472b6", "M5 1.2V5.6M5 8.4v.2", false, '!'),
        new("paused", "#7c3aed", "#c4b5fd", "M3.2 1.8V8.2M6.8 1.8V8.2", false, '='),
    ];

    /// <summary>Finds a state by name, or null when no state is given.</summary>
    public static StateStyle? Of(string? name) =>
        name is null ? null : All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)) ?? Unknown;

    /// <summary>Draws the symbol.</summary>
    internal void Draw(SvgWriter svg, double x, double y) =>
        svg.Shape("path", $"{(Solid ? "icon-solid" : "icon")} s-{Name}", null, "d", Icon, "transform", $"translate({SvgWriter.N(x)} {SvgWriter.N(y)})");
}
