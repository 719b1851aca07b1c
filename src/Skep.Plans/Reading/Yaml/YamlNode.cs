namespace Skep.Plans.Reading.Yaml;

/// <summary>A node of a parsed document. Aliases share the node of their anchor.</summary>
internal abstract class YamlNode(SourceSpan span)
{
    /// <summary>Where it begins, and its length when it stands on one line.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>Nodes in this subtree with aliases expanded.</summary>
    public int Size { get; set; } = 1;

    /// <summary>Levels of collections below this node.</summary>
    public int Height { get; set; }

    /// <summary>What it is, for messages: <c>text 'abc'</c>, <c>a list</c>.</summary>
    public abstract string Describe();
}

/// <summary>A text, number, boolean or null, as written.</summary>
internal sealed class YamlScalar(string value, bool isPlain, SourceSpan span) : YamlNode(span)
{
    /// <summary>The content.</summary>
    public string Value { get; } = value;

    /// <summary>Whether it stands without quotes, so that it may be a number, a boolean or null.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Whether nothing was written, or <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => IsPlain && (Value is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Position of a character of the content; the beginning where folding or escapes make that unclear.</summary>
    public SourceSpan At(int offset, int length = 1)
    {
        var quotes = IsPlain ? 0 : 1;
        var isVerbatim = Span.Length == Value.Length + (2 * quotes);
        return isVerbatim && offset <= Value.Length ? new SourceSpan(Span.Line, Span.Column + quotes + offset, Math.Min(length, Value.Length - offset)) : Span;
    }

    /// <inheritdoc />
    public override string Describe() => IsNull ? "nothing" : $"'{DiagnosticBag.OneLine(Value)}'";
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(SourceSpan span) : YamlNode(span)
{
    /// <summary>The items.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <inheritdoc />
    public override string Describe() => "a list";
}

/// <summary>A key with its value.</summary>
internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>A mapping. Keys are unique: the reader has reported and dropped repeated ones.</summary>
internal sealed class YamlMapping(SourceSpan span) : YamlNode(span)
{
    /// <summary>The entries in file order.</summary>
    public List<YamlEntry> Entries { get; } = [];

    /// <summary>The value of a key, or null. Linear: for small mappings and for messages.</summary>
    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
            if (entry.Key.Value == key) return entry.Value;
        return null;
    }

    /// <inheritdoc />
    public override string Describe() => "a mapping";
}
