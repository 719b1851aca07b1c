using System.Globalization;
using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>Writes SVG elements: escapes text and attribute values, formats numbers, closes what it opens.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens a picture that names and describes itself, scales by its view box and carries its own styles.</summary>
    public SvgWriter(string prefix, double width, double height, string title, string description, SvgTheme theme)
    {
        Prefix = prefix;
        Open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", $"0 0 {N(width)} {N(height)}", "width", N(width), "height", N(height),
            "role", "img", "class", prefix, "aria-labelledby", $"{prefix}-title {prefix}-desc", "style", "max-width:100%;height:auto");
        Element("title", title, "id", $"{prefix}-title");
        Element("desc", description, "id", $"{prefix}-desc");
        Raw($"<style>{SvgStyle.Css(prefix, theme)}</style>\n");
        Shape("rect", "bg", null, "width", N(width), "height", N(height), "rx", "10");
    }

    /// <summary>Prefix of every class and id.</summary>
    public string Prefix { get; }

    /// <summary>A number as SVG reads it.</summary>
    public static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Opens a group.</summary>
    public void Group(string? classes = null, string? tooltip = null)
    {
        if (classes is null) Open("g");
        else Open("g", "class", Classes(classes));
        if (!string.IsNullOrEmpty(tooltip)) Element("title", tooltip);
    }

    /// <summary>Closes the innermost group.</summary>
    public void End() => _text.Append("</").Append(_open.Pop()).Append(">\n");

    /// <summary>Writes an element without content except for a tooltip.</summary>
    public void Shape(string name, string classes, string? tooltip, params ReadOnlySpan<string> attributes)
    {
        Begin(name, attributes);
        Attribute("class", Classes(classes));
        if (string.IsNullOrEmpty(tooltip))
        {
            _text.Append("/>\n");
            return;
        }

        _text.Append('>');
        Element("title", tooltip);
        _text.Append("</").Append(name).Append(">\n");
    }

    /// <summary>Writes a rectangle.</summary>
    public void Rect(string classes, double x, double y, double width, double height, double radius = 0, string? tooltip = null) =>
        Shape("rect", classes, tooltip, "x", N(x), "y", N(y), "width", N(width), "height", N(height), "rx", N(radius));

    /// <summary>Writes a line.</summary>
    public void Line(string classes, double x1, double y1, double x2, double y2) =>
        Shape("line", classes, null, "x1", N(x1), "y1", N(y1), "x2", N(x2), "y2", N(y2));

    /// <summary>Writes a path.</summary>
    public void Path(string classes, string data) => Shape("path", classes, null, "d", data);

    /// <summary>Writes text with its baseline at a point.</summary>
    public void Text(string classes, double x, double y, string text) =>
        Element("text", text, "x", N(x), "y", N(y), "class", Classes(classes));

    /// <summary>Closes everything and returns the picture.</summary>
    public string Finish()
    {
        while (_open.Count > 0) End();
        return _text.ToString();
    }

    private void Open(string name, params ReadOnlySpan<string> attributes)
    {
        Begin(name, attributes);
        _text.Append(">\n");
        _open.Push(name);
    }

    private void Element(string name, string content, params ReadOnlySpan<string> attributes)
    {
        Begin(name, attributes);
        _text.Append('>');
        Escape(content);
        _text.Append("</").Append(name).Append(">\n");
    }

    private void Begin(string name, ReadOnlySpan<string> attributes)
    {
        _text.Append('<').Append(name);
        for (var i = 0; i + 1 < attributes.Length; i += 2) Attribute(attributes[i], attributes[i + 1]);
    }

    private void Attribute(string name, string value)
    {
        _text.Append(' ').Append(name).Append("=\"");
        Escape(value);
        _text.Append('"');
    }

    private string Classes(string names) => string.Join(' ', names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => $"{Prefix}-{n}"));

    private void Raw(string text) => _text.Append(text);

    private void Escape(string text)
    {
        foreach (var c in PlainText.Clean(text))
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                _ => _text.Append(c),
            };
    }
}
