using System.Text;
using System.Text.Json;

namespace Skep.Client.Door;

/// <summary>
/// What the full program's MCP server answers to <c>initialize</c> and <c>tools/list</c>, known when this program is built. The file is made from the live
/// server, and a test compares the two byte for byte. Lines: the head as JSON, the result of <c>initialize</c>, then the tools, one a line, the extended ones last.
/// </summary>
internal sealed class DoorCatalogue
{
    /// <summary>Stands in the file for the version of the protocol.</summary>
    public const string AnyVersion = "PROTOCOL";

    private const string Resource = "Skep.Client.Door.Catalogue.jsonl";
    private const string NoChanges = "\"tools\":{}";
    private const string Changes = "\"tools\":{\"listChanged\":true}";

    private readonly string _initialize;

    private DoorCatalogue(string[] lines)
    {
        using var head = JsonDocument.Parse(lines[0]);
        Version = head.RootElement.GetProperty("version").GetString()!;
        Protocols = [.. head.RootElement.GetProperty("protocols").EnumerateArray().Select(p => p.GetString()!)];
        var few = head.RootElement.GetProperty("default").GetInt32();
        var (before, after) = (head.RootElement.GetProperty("before").GetString()!, head.RootElement.GetProperty("after").GetString()!);
        _initialize = lines[1];
        Default = Encoding.UTF8.GetBytes(before + string.Join(',', lines.Skip(2).Take(few)) + after);
        All = Encoding.UTF8.GetBytes(before + string.Join(',', lines.Skip(2)) + after);
    }

    /// <summary>Of the program from whose server it was made.</summary>
    public string Version { get; }

    /// <summary>Versions of the protocol for which it holds.</summary>
    public IReadOnlyList<string> Protocols { get; }

    /// <summary>The result of <c>tools/list</c>.</summary>
    public byte[] Default { get; }

    /// <summary>The same with the extended tools.</summary>
    public byte[] All { get; }

    /// <summary>The one that this program was built with.</summary>
    public static DoorCatalogue BuiltIn()
    {
        using var stream = typeof(DoorCatalogue).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads one.</summary>
    public static DoorCatalogue Parse(string text) => new(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What the full program's server answers to <c>initialize</c>.</summary>
    public string Initialize(string protocol) => _initialize.Replace(AnyVersion, protocol, StringComparison.Ordinal);

    /// <summary>What we answer: the same, and that the list may change, because the program behind us may be another than we were built with.</summary>
    public string InitializeAtDoor(string protocol) => Initialize(protocol).Replace(NoChanges, Changes, StringComparison.Ordinal);
}
