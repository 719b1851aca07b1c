using System.Globalization;
using System.Xml;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Coverage;

/// <summary>
/// Reads reports in Cobertura's XML format, which anybody may have written: no DTD is read, no entity resolved, no reference followed; size and
/// depth are bounded. Rates that a report states are not believed, only its lines.
/// </summary>
internal sealed class CoberturaReader(CoverageFacts facts, SourcePaths paths)
{
    /// <summary>Largest report, in bytes.</summary>
    public const long MaxBytes = 128L * 1024 * 1024;

    /// <summary>Deepest nesting of elements.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most source folders that a report may name.</summary>
    public const int MaxSources = 1_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        // Tools put a DOCTYPE there that points to a server which is long gone. It is skipped, and what it would declare does not exist.
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        MaxCharactersInDocument = MaxBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private readonly List<string> _sources = [];
    private string? _file;
    private bool _inSource;

    /// <summary>Reads a report into the facts.</summary>
    /// <exception cref="FormatException">It is too large, too deep, or no report of that format; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(GateFile report, CancellationToken cancel)
    {
        using var file = PlainFile.Open(report.Path) ?? throw new FormatException($"'{report.Name}' is no plain file");
        if (file.Length > MaxBytes) throw new FormatException($"'{report.Name}' has {file.Length} bytes; reports of up to {MaxBytes} bytes are read");
        try
        {
            using var xml = XmlReader.Create(file, Settings);
            Read(xml, report.Name, cancel);
        }
        catch (XmlException e)
        {
            throw new FormatException($"'{report.Name}' is no report in Cobertura's format: {e.Message}", e);
        }
    }

    private void Read(XmlReader xml, string name, CancellationToken cancel)
    {
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "coverage")
            throw new FormatException($"'{name}' is no report in Cobertura's format: its root element is '{Text.Shorten(xml.LocalName, 60)}', not 'coverage'");
        while (xml.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (xml.Depth > MaxDepth) throw new FormatException($"'{name}' nests elements deeper than {MaxDepth} (line {((IXmlLineInfo)xml).LineNumber})");
            if (xml.NodeType == XmlNodeType.Element) Element(xml, name);
            else if (xml.NodeType == XmlNodeType.Text && _inSource) Source(xml.Value, name);
            else if (xml.NodeType == XmlNodeType.EndElement) _inSource = false;
        }
    }

    private void Element(XmlReader xml, string name)
    {
        _inSource = xml.LocalName == "source" && !xml.IsEmptyElement;
        if (xml.LocalName == "class") _file = xml.GetAttribute("filename") is { Length: > 0 } file ? paths.Resolve(_sources, file) : null;
        else if (xml.LocalName == "line") Line(xml, name);
    }

    private void Source(string folder, string name)
    {
        if (_sources.Count == MaxSources) throw new FormatException($"'{name}' names more than {MaxSources} source folders");
        if (folder.Trim() is { Length: > 0 } trimmed) _sources.Add(trimmed);
    }

    private void Line(XmlReader xml, string name)
    {
        var number = xml.GetAttribute("number");
        var hits = xml.GetAttribute("hits");
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line) || !ulong.TryParse(hits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw new FormatException($"'{name}' has a line with number '{Text.Shorten(number ?? "", 40)}' and hits '{Text.Shorten(hits ?? "", 40)}' (line {((IXmlLineInfo)xml).LineNumber})");
        if (_file is null) throw new FormatException($"'{name}' tells of a line outside of a class with a file name (line {((IXmlLineInfo)xml).LineNumber})");
        var (hit, all) = Branches(xml.GetAttribute("condition-coverage"));
        facts.Add(_file, line, count > 0, hit, all);
    }

    /// <summary>Reads <c>50% (1/2)</c>; anything else means that the line has no branches.</summary>
    private static (int Hit, int All) Branches(string? text)
    {
        var open = text?.IndexOf('(', StringComparison.Ordinal) ?? -1;
        if (text is null || open < 0) return (0, 0);
        var slash = text.IndexOf('/', open);
        var close = text.IndexOf(')', open);
        if (slash < 0 || close < slash) return (0, 0);
        return int.TryParse(text.AsSpan(open + 1, slash - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var hit)
            && int.TryParse(text.AsSpan(slash + 1, close - slash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var all)
            && hit <= all ? (hit, all) : (0, 0);
    }
}
