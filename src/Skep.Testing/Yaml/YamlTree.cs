using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Skep.Testing.Yaml;

/// <summary>
/// Reads YAML into nodes with places from the parser's events. Aliases are refused: a script that repeats itself shall say so, and nothing can blow up.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Longest text.</summary>
    public const int MaxChars = 4 * 1024 * 1024;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

    private readonly IParser _parser;
    private readonly Mistakes _mistakes;

    private YamlTree(IParser parser, Mistakes mistakes) => (_parser, _mistakes) = (parser, mistakes);

    /// <summary>Reads one document; null when it is empty.</summary>
    /// <exception cref="ScriptException">It is no YAML.</exception>
    public static YamlNode? Read(string text, Mistakes mistakes)
    {
        if (text.Length > MaxChars) throw new ScriptException([$"1:1: the script has {text.Length} characters; at most {MaxChars} are allowed"]);
        var tree = new YamlTree(new Parser(new StringReader(text)), mistakes);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            mistakes.Add(e.Start, $"this is no YAML: {e.Message}; check quotes, brackets and indentation (no tabs)");
            mistakes.ThrowIfAny();
            throw;
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second)) _mistakes.Add(second.Start, "a second document; a script is one: remove '---'");
        return node;
    }

    private YamlNode Node(int depth)
    {
        if (depth > MaxDepth) throw new ScriptException([$"{_parser.Current!.Start.Line}:{_parser.Current.Start.Column}: nested deeper than {MaxDepth} levels"]);
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(scalar.Start.Line, scalar.Start.Column, scalar.Value, scalar.Style == ScalarStyle.Plain);
        if (_parser.TryConsume<SequenceStart>(out var list)) return List(list, depth);
        if (_parser.TryConsume<MappingStart>(out var map)) return Map(map, depth);
        var at = _parser.Current!.Start;
        throw new ScriptException([$"{at.Line}:{at.Column}: aliases ('*name') are not supported; write the value again"]);
    }

    private YamlList List(SequenceStart start, int depth)
    {
        var list = new YamlList(start.Start.Line, start.Start.Column, []);
        while (!_parser.TryConsume<SequenceEnd>(out _)) list.Items.Add(Node(depth + 1));
        return list;
    }

    private YamlMap Map(MappingStart start, int depth)
    {
        var map = new YamlMap(start.Start.Line, start.Start.Column, []);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (key, value) = (Node(depth + 1), Node(depth + 1));
            if (key is not YamlScalar name) _mistakes.Add(key, $"a key must be a text, not {key.Describe()}");
            else if (map.Find(name.Value) is not null) _mistakes.Add(key, $"the key '{name.Value}' stands here a second time; remove one");
            else map.Entries.Add((name, value));
        }

        return map;
    }
}
