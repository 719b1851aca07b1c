namespace Skep.Client.Terminal;

/// <summary>Colours of text for people, or none. Only the basic sixteen, so that the terminal's own theme decides how they look.</summary>
internal sealed class Palette
{
    /// <summary>No colours.</summary>
    public static readonly Palette None = new(false);

    /// <summary>Colours.</summary>
    public static readonly Palette Ansi = new(true);

    private readonly bool _on;

    private Palette(bool on) => _on = on;

    /// <summary>One of the two.</summary>
    public static Palette For(bool colours) => colours ? Ansi : None;

    public string Good(string text) => Wrap("32", text);

    public string Bad(string text) => Wrap("31", text);

    public string Warn(string text) => Wrap("33", text);

    public string Info(string text) => Wrap("36", text);

    public string Dim(string text) => Wrap("2", text);

    public string Bold(string text) => Wrap("1", text);

    private string Wrap(string code, string text) => _on && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
