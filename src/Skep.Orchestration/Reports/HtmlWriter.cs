using System.Text;

namespace Skep.Orchestration;

/// <summary>Writes elements that are HTML and XML alike: escapes every text and attribute, closes what it opens, in order.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; attributes are names and values in turn.</summary>
    public HtmlWriter Open(string name, params ReadOnlySpan<string> attributes)
    {
        Begin(name, attributes);
        _html.Append('>');
        _open.Push(name);
        return this;
    }

    /// <summary>Closes the innermost elements.</summary>
    public HtmlWriter End(int count = 1)
    {
        for (; count > 0; count--)
        {
            var name = _open.Pop();
            _html.Append("</").Append(name).Append('>');
            if (name is "tr" or "section" or "div" or "p" or "table" or "header" or "details") _html.Append('\n');
        }

        return this;
    }

    /// <summary>Writes an element that holds text.</summary>
    public HtmlWriter Element(string name, string text, params ReadOnlySpan<string> attributes)
    {
        Open(name, attributes);
        return Text(text).End();
    }

    /// <summary>Writes an element that never holds anything.</summary>
    public HtmlWriter Void(string name, params ReadOnlySpan<string> attributes)
    {
        Begin(name, attributes);
        _html.Append(" />\n");
        return this;
    }

    /// <summary>Writes text.</summary>
    public HtmlWriter Text(string text)
    {
        foreach (var c in text)
            _ = c switch
            {
                '&' => _html.Append("&amp;"),
                '<' => _html.Append("&lt;"),
                '>' => _html.Append("&gt;"),
                '"' => _html.Append("&quot;"),
                '\'' => _html.Append("&#39;"),
                _ => _html.Append(c),
            };
        return this;
    }

    /// <summary>Writes markup that is known to be safe and well-formed: our own pictures and style sheet.</summary>
    public HtmlWriter Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>Closes everything and returns the page.</summary>
    public string Finish()
    {
        End(_open.Count);
        return _html.Append('\n').ToString();
    }

    private void Begin(string name, ReadOnlySpan<string> attributes)
    {
        _html.Append('<').Append(name);
        for (var i = 0; i + 1 < attributes.Length; i += 2)
        {
            _html.Append(' ').Append(attributes[i]).Append("=\"");
            Text(attributes[i + 1]);
            _html.Append('"');
        }
    }
}
