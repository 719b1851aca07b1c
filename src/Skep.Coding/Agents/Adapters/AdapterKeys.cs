using Skep.Plans;
using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Coding.Agents;

/// <summary>The keys of an adapter's file.</summary>
internal static class AdapterKeys
{
    /// <summary>Longest file, in UTF-16 units.</summary>
    public const int MaxChars = 64 * 1024;

    private static readonly PlanLimits Limits = new() { MaxChars = MaxChars, MaxDepth = 8, MaxNodes = 2_000, MaxDiagnostics = 20 };

    private static readonly Dictionary<string, PromptForm> Prompts = new(StringComparer.Ordinal) { ["stdin"] = PromptForm.Stdin, ["argument"] = PromptForm.Argument, ["file"] = PromptForm.File };

    private static readonly Dictionary<string, StreamForm> Streams = new(StringComparer.Ordinal) { ["stream-json"] = StreamForm.StreamJson, ["text"] = StreamForm.Text };

    private static KeyTable<AdapterDraft> Table { get; } = new(
        "adapter",
        "an adapter",
        "How a coding CLI is driven.",
        new("program", "The program: a name on the PATH, or an absolute path.", Shapes.Text, static (b, d, n) => d.Is = d.Is with { Program = b.Text(n, "program") ?? "" }, IsRequired: true),
        new("program_variable", "Variable of the host that names another program.", Shapes.Text, static (b, d, n) => d.Is = d.Is with { ProgramVariable = b.Text(n, "program_variable") }),
        new("install", "How it is installed, for the message when it is missing.", Shapes.Text, static (b, d, n) => d.Is = d.Is with { Install = b.Text(n, "install") }),
        new("start", "Arguments of a new session.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Start = b.LiteralList(n, "start") }),
        new("resume", "Arguments that take a session up again.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Resume = b.LiteralList(n, "resume") }),
        new("model", "Arguments that choose a model.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Model = b.LiteralList(n, "model") }),
        new("permission", "Arguments that say what may be done without asking.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Permission = b.LiteralList(n, "permission") }),
        new("modes", "The program's words for the permission modes.", Shapes.ValueMap, static (b, d, n) => d.Is = d.Is with { Modes = b.Values(n, "modes", areTemplates: false).ToDictionary(p => p.Key, p => p.Value.ToText(), StringComparer.Ordinal) }),
        new("tools", "Arguments that allow tools.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Tools = b.LiteralList(n, "tools") }),
        new("turns", "Arguments that limit the turns.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Turns = b.LiteralList(n, "turns") }),
        new("system", "Arguments that add to the system prompt.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { System = b.LiteralList(n, "system") }),
        new("prompt", "How the prompt is passed; 'stdin' unless stated.", Shapes.Enum(Prompts.Keys), static (b, d, n) => d.Is = d.Is with { Prompt = b.OneOf(n, "prompt", Prompts) ?? default }),
        new("stream", "What it writes; 'text' unless stated.", Shapes.Enum(Streams.Keys), static (b, d, n) => d.Is = d.Is with { Stream = b.OneOf(n, "stream", Streams) ?? default }),
        new("env", "Variables of the host that it needs.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Env = b.LiteralList(n, "env") }),
        new("secrets", "Variables of the host that it needs, masked.", Shapes.TextList, static (b, d, n) => d.Is = d.Is with { Secrets = b.LiteralList(n, "secrets") }));

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="CodingException">It is no adapter; the message says where and why.</exception>
    public static CodingAdapter Read(string name, string text, string path)
    {
        var bag = new DiagnosticBag(Limits.MaxDiagnostics);
        var draft = new AdapterDraft(new CodingAdapter { Name = name, Program = "", Stream = StreamForm.Text });
        if (YamlTreeReader.Read(text, Limits, bag) is { } root && Table.Bind(new Binder(bag), root, draft) && !bag.HasErrors) return draft.Is;
        var first = bag.ToList().FirstOrDefault(d => d.Severity == Severity.Error);
        throw new CodingException($"the adapter {path} cannot be used: line {first?.At.Line ?? 1}: {first?.Message ?? "it holds nothing"}");
    }
}

/// <summary>An adapter while it is read.</summary>
internal sealed class AdapterDraft(CodingAdapter adapter)
{
    public CodingAdapter Is { get; set; } = adapter;
}
