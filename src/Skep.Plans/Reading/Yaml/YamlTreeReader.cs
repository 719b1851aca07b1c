using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Skep.Plans.Reading.Yaml;

/// <summary>
/// Turns text into a tree of nodes with positions. It works on the parser's events and keeps its own stack, so that depth, size
/// and aliases stay within bounds before anything is built; no object is ever made from a tag.
/// </summary>
internal sealed class YamlTreeReader
{
    private readonly DiagnosticBag _bag;
    private readonly PlanLimits _limits;
    private readonly string _text;
    private readonly bool _hasTabs;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private readonly Stack<OpenCollection> _open = new();
    private YamlNode? _root;
    private int _nodes;
    private int _documents;

    private YamlTreeReader(string text, PlanLimits limits, DiagnosticBag bag)
    {
        (_text, _limits, _bag) = (text, limits, bag);
        _hasTabs = text.Contains('\t', StringComparison.Ordinal);
    }

    /// <summary>Reads one document; null when errors make that impossible.</summary>
    public static YamlNode? Read(string text, PlanLimits limits, DiagnosticBag bag)
    {
        if (!TextCheck.Check(text, limits, bag)) return null;
        var reader = new YamlTreeReader(text[0] == '\uFEFF' ? text[1..] : text, limits, bag);
        return reader.Run() ? reader._root : null;
    }

    private bool Run()
    {
        var parser = new Parser(new StringReader(_text));
        try
        {
            while (parser.MoveNext())
                if (!Accept(parser.Current!)) return false;
        }
        catch (YamlException e)
        {
            SyntaxErrors.Report(_text, e, OpenBracket(), _bag);
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser is not ours and the text may be anything: its own slips on malformed text are syntax errors to us.
            var mark = parser.Current?.End ?? Mark.Empty;
            SyntaxErrors.ReportUnknown(Span(mark, mark), OpenBracket(), _bag);
            return false;
        }

        if (_root is not null) return true;
        _bag.Error(DiagnosticCodes.Empty, new SourceSpan(1, 1, 0), "the file holds no plan; begin with 'plan: NAME' and add tasks");
        return false;
    }

    private bool Accept(ParsingEvent e)
    {
        switch (e)
        {
            case DocumentStart when ++_documents > 1:
                return Fail(DiagnosticCodes.MultipleDocuments, Span(e), "a plan is one document; put the document after '---' into a file of its own");
            case Scalar scalar: return AddScalar(scalar);
            case SequenceStart start: return Open(new YamlSequence(Span(start.Start, start.Start, 1)), start);
            case MappingStart start: return Open(new YamlMapping(Span(start.Start, start.Start, 1)), start);
            case SequenceEnd or MappingEnd: return Close();
            case AnchorAlias alias: return AddAlias(alias);
            default: return true;
        }
    }

    private bool AddScalar(Scalar scalar)
    {
        if (!CheckTag(scalar, "tag:yaml.org,2002:str")) return false;
        var isPlain = scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty;
        var span = Span(scalar.Start, scalar.End);
        if (!CheckIndentation(scalar, span)) return false;
        if (scalar.Style == ScalarStyle.DoubleQuoted && scalar.Value.Contains('\0', StringComparison.Ordinal))
            return Fail(DiagnosticCodes.BadCharacter, span, "a text cannot hold the character U+0000; remove the escape");
        var node = new YamlScalar(scalar.Value, isPlain, span);
        return Anchor(scalar, node) && Add(node, 1);
    }

    private bool Open(YamlNode node, NodeEvent e)
    {
        if (!CheckTag(e, node is YamlSequence ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map") || !CheckIndentation(e, node.Span)) return false;
        if (_open.Count >= _limits.MaxDepth) return TooDeep(node.Span);
        if (!Count(1, node.Span)) return false;
        if (!e.Anchor.IsEmpty) _anchors[e.Anchor.Value] = null;
        _open.Push(new OpenCollection(node, e.Anchor.IsEmpty ? null : e.Anchor.Value, IsFlow(e)));
        return true;
    }

    private bool Close()
    {
        var closed = _open.Pop();
        if (closed.Anchor is { } anchor) _anchors[anchor] = closed.Node;
        return Attach(closed.Node);
    }

    private bool AddAlias(AnchorAlias alias)
    {
        var span = Span(alias);
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var node))
            return Fail(DiagnosticCodes.UnknownAlias, span, $"the alias '*{name}' names no anchor above it; write '&{name}' before the value that it repeats", "*" + name);
        if (node is null) return Fail(DiagnosticCodes.UnknownAlias, span, $"the alias '*{name}' stands inside the value that it repeats", "*" + name);
        return _open.Count + node.Height + (node is YamlScalar ? 0 : 1) > _limits.MaxDepth ? TooDeep(span) : Add(node, node.Size);
    }

    private bool Anchor(NodeEvent e, YamlNode node)
    {
        if (!e.Anchor.IsEmpty) _anchors[e.Anchor.Value] = node;
        return true;
    }

    private bool Add(YamlNode node, int size) => Count(size, node.Span) && Attach(node);

    private bool Count(int size, SourceSpan at)
    {
        _nodes += size;
        return _nodes <= _limits.MaxNodes
            || Fail(DiagnosticCodes.TooLarge, at, $"the plan has more than {_limits.MaxNodes:N0} values once aliases are expanded; use fewer aliases of aliases, or split the plan");
    }

    private bool Attach(YamlNode node)
    {
        if (!_open.TryPeek(out var parent))
        {
            _root = node;
            return true;
        }

        if (!parent.Attach(node, _bag)) return false;
        parent.Node.Size += node.Size;
        parent.Node.Height = Math.Max(parent.Node.Height, node.Height + (node is YamlScalar ? 0 : 1));
        return true;
    }

    private bool CheckTag(NodeEvent e, string allowed)
    {
        var tag = e.Tag;
        return tag.IsEmpty || tag.IsNonSpecific || tag.Value == allowed
            || Fail(DiagnosticCodes.Syntax, Span(e), $"tags such as '{tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)}' are not supported; remove it", tag.Value);
    }

    /// <summary>The parser lets some tabs pass that others refuse; YAML forbids them all in indentation.</summary>
    private bool CheckIndentation(ParsingEvent e, SourceSpan span)
    {
        if (!_hasTabs || span.Column == 1) return true;
        var lineStart = (int)Math.Min(e.Start.Index, _text.Length) - (span.Column - 1);
        if (lineStart < 0) return true;
        var before = _text.AsSpan(lineStart, span.Column - 1);
        var tab = before.IndexOf('\t');
        return tab < 0 || !before.IsWhiteSpace() || SyntaxErrors.ReportTab(_bag, span.Line, tab + 1);
    }

    /// <summary>Where the innermost bracket or brace opened that is not closed yet.</summary>
    private SourceSpan? OpenBracket()
    {
        foreach (var open in _open)
            if (open.IsFlow) return open.Node.Span;
        return null;
    }

    private static bool IsFlow(NodeEvent e) => e is SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow };

    private bool TooDeep(SourceSpan at) =>
        Fail(DiagnosticCodes.TooLarge, at, $"collections are nested more than {_limits.MaxDepth} levels deep; a plan needs far fewer");

    private bool Fail(string code, SourceSpan at, string message, string? offender = null)
    {
        _bag.Error(code, at, message, offender);
        return false;
    }

    private static SourceSpan Span(ParsingEvent e) => Span(e.Start, e.End);

    private static SourceSpan Span(Mark start, Mark end, int length = 0) =>
        new((int)start.Line, (int)start.Column, start.Line == end.Line ? Math.Max(length, (int)(end.Column - start.Column)) : length);
}
