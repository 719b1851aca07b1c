namespace Skep.Plans.Reading.Yaml;

/// <summary>A collection that is being read.</summary>
internal sealed class OpenCollection(YamlNode node, string? anchor, bool isFlow)
{
    private const int LinearSearch = 16;
    private YamlScalar? _key;
    private bool _isRepeated;
    private Dictionary<string, YamlScalar>? _keys;

    /// <summary>The node.</summary>
    public YamlNode Node { get; } = node;

    /// <summary>Its anchor, or null.</summary>
    public string? Anchor { get; } = anchor;

    /// <summary>Whether it is written in brackets or braces.</summary>
    public bool IsFlow { get; } = isFlow;

    /// <summary>Adds an item, a key, or the value of the last key. False when reading cannot go on.</summary>
    public bool Attach(YamlNode node, DiagnosticBag bag)
    {
        if (Node is YamlSequence sequence)
        {
            sequence.Items.Add(node);
            return true;
        }

        var mapping = (YamlMapping)Node;
        if (_key is null) return AcceptKey(mapping, node, bag);
        if (!_isRepeated) mapping.Entries.Add(new YamlEntry(_key, node));
        _key = null;
        return true;
    }

    private bool AcceptKey(YamlMapping mapping, YamlNode node, DiagnosticBag bag)
    {
        if (node is not YamlScalar key)
        {
            bag.Error(DiagnosticCodes.Syntax, node.Span, $"a key must be a text, not {node.Describe()}; if this is meant as an expression or a value, put it into quotes");
            return false;
        }

        if (key is { IsPlain: true, Value: "<<" })
            bag.Error(DiagnosticCodes.Syntax, key.Span, "merge keys ('<<') are not supported; repeat the keys, or use an alias for a whole value", "<<");
        _isRepeated = key is { IsPlain: true, Value: "<<" } || IsRepeated(mapping, key, bag);
        _key = key;
        return true;
    }

    private bool IsRepeated(YamlMapping mapping, YamlScalar key, DiagnosticBag bag)
    {
        var first = FindKey(mapping, key.Value);
        if (first is null)
        {
            _keys?.Add(key.Value, key);
            return false;
        }

        bag.Error(DiagnosticCodes.DuplicateKey, key.Span, $"the key '{DiagnosticBag.OneLine(key.Value)}' stands here a second time; the first is at {first.Span}; remove one of them", key.Value);
        return true;
    }

    private YamlScalar? FindKey(YamlMapping mapping, string key)
    {
        if (_keys is null && mapping.Entries.Count > LinearSearch)
        {
            _keys = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
            foreach (var entry in mapping.Entries) _keys[entry.Key.Value] = entry.Key;
        }

        if (_keys is not null) return _keys.GetValueOrDefault(key);
        foreach (var entry in mapping.Entries)
            if (entry.Key.Value == key) return entry.Key;
        return null;
    }
}
