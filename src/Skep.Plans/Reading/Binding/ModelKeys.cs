using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Values of the keys by which agents and tasks talk to models.</summary>
internal static class ModelKeys
{
    public const double MaxTemperature = 2;
    public const int MinWindow = 512;
    public const int MaxWindow = 100_000_000;

    /// <summary>Most facts of one list: all of them stand in every request.</summary>
    private const int MaxFacts = 100;

    private const int MaxFact = 4_000;
    private const int MaxPatterns = 100;
    private const int MaxCommands = 200;
    private const int MaxFallbacks = 16;

    public static Dictionary<string, CognitivePattern> Patterns { get; } = Enum.GetValues<CognitivePattern>()
        .ToDictionary(p => p.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static Dictionary<string, PermissionMode> Modes { get; } = new(StringComparer.Ordinal)
    {
        ["plan"] = PermissionMode.Plan,
        ["default"] = PermissionMode.Default,
        ["accept-edits"] = PermissionMode.AcceptEdits,
        ["bypass"] = PermissionMode.Bypass,
    };

    /// <summary>A list of models in which none stands twice.</summary>
    public static IReadOnlyList<string> Fallbacks(Binder binder, YamlNode node)
    {
        var models = new List<string>();
        foreach (var item in Bounded(binder, node, "fallbacks", MaxFallbacks))
        {
            if (binder.ModelName(item, "fallbacks") is not { } model) continue;
            if (models.Contains(model)) binder.Error(DiagnosticCodes.ConflictingKeys, item.Span, $"model '{model}' stands twice among 'fallbacks'; remove one", model);
            else models.Add(model);
        }

        return models;
    }

    /// <summary>A list of facts that may hold expressions.</summary>
    public static IReadOnlyList<string> Facts(Binder binder, YamlNode node, string key)
    {
        foreach (var item in Bounded(binder, node, key, MaxFacts))
            if (item is YamlScalar { Value.Length: > MaxFact } scalar)
                binder.Error(DiagnosticCodes.TooLarge, scalar.Span, $"an item of '{key}' has {scalar.Value.Length:N0} characters; at most {MaxFact:N0} are allowed; put long texts into 'prompt' or memory");
            else if (item is YamlScalar { IsNull: false } blank && string.IsNullOrWhiteSpace(blank.Value))
                binder.Error(DiagnosticCodes.BadValue, blank.Span, $"an item of '{key}' is blank; write a sentence or remove it");
        return binder.Templates(node, key);
    }

    /// <summary>Keys of memory, or namespaces with all that they hold.</summary>
    public static IReadOnlyList<string> MemoryPatterns(Binder binder, YamlNode node)
    {
        var patterns = binder.LiteralList(node, "context");
        foreach (var item in Bounded(binder, node, "context", MaxPatterns))
            if (item is YamlScalar { IsNull: false } scalar && !IsMemoryPattern(scalar.Value))
                binder.Error(DiagnosticCodes.BadValue, scalar.Span, $"'{DiagnosticBag.OneLine(scalar.Value)}' is no key of memory; write a key such as 'research/summary', or 'research/*' for a whole namespace", scalar.Value);
        return patterns;
    }

    /// <summary>Tools; an entry <c>run_command(git status)</c> is the tool and a command that it may start.</summary>
    public static (AgentSpec Spec, IReadOnlyList<AllowedCommand> Commands) Tools(Binder binder, YamlNode node, AgentSpec spec)
    {
        const string Rule = AgentTools.RunCommand + "(";
        var commands = new List<AllowedCommand>();
        var tools = binder.LiteralList(node, "tools");
        foreach (var item in node is YamlSequence list ? list.Items : [node])
            if (item is YamlScalar scalar && scalar.Value.StartsWith(Rule, StringComparison.Ordinal) && scalar.Value.EndsWith(')')
                && Command(binder, new YamlScalar(scalar.Value[Rule.Length..^1], isPlain: true, scalar.Span)) is { } command) commands.Add(command);
        var names = tools.Select(t => t.StartsWith(Rule, StringComparison.Ordinal) && t.EndsWith(')') ? AgentTools.RunCommand : t);
        return (spec with { Tools = [.. names.Distinct(StringComparer.Ordinal)] }, commands);
    }

    /// <summary>Command lines by which commands must begin.</summary>
    public static IReadOnlyList<AllowedCommand> Commands(Binder binder, YamlNode node)
    {
        var commands = new List<AllowedCommand>();
        binder.LiteralList(node, "commands");
        foreach (var item in Bounded(binder, node, "commands", MaxCommands))
            if (item is YamlScalar { IsNull: false } scalar && Command(binder, scalar) is { } command && !commands.Contains(command)) commands.Add(command);
        return commands;
    }

    /// <summary>A command line by which commands must begin; null, with an error, when it is none.</summary>
    public static AllowedCommand? Command(Binder binder, YamlScalar scalar)
    {
        try
        {
            var arguments = CommandLine.Split(scalar.Value, out var spansLines);
            if (Problem(arguments, spansLines) is not { } problem) return new AllowedCommand([.. arguments.Select(a => a.Text)]);
            binder.Error(DiagnosticCodes.BadCommand, scalar.Span, problem, scalar.Value);
        }
        catch (CommandLineException e)
        {
            binder.Error(DiagnosticCodes.BadCommand, scalar.At(e.Offset), e.Message, scalar.Value);
        }

        return null;
    }

    private static string? Problem(List<Argument> arguments, bool spansLines)
    {
        if (arguments.Count == 0 || arguments.Any(a => a.Text.Length == 0)) return "'commands' holds a command without a name or with an empty argument; write a program such as 'git', or 'git status'";
        if (spansLines) return "a command of 'commands' stands on one line; write each as an item of its own";
        if (ShellSyntax.Find(arguments) is { } odd) return $"'{DiagnosticBag.OneLine(odd.Text)}' means nothing in 'commands': no shell runs, and arguments are compared as they are; write the beginning that a command must have";
        // What lies in the sandbox can be written by the agent itself; allowing it by name would allow everything.
        return arguments[0].Text is var program && program.Contains('/', StringComparison.Ordinal) && program[0] != '/'
            ? $"'{DiagnosticBag.OneLine(program)}' is a file that the agent could write itself; name a program on the PATH, or give an absolute path" : null;
    }

    private static bool IsMemoryPattern(string text)
    {
        var segments = text.Split('/');
        var literal = segments.Length > 1 && segments[^1] == "*" ? segments[..^1] : segments;
        return literal.All(s => s.Length > 0 && s is not ("." or "..") && !s.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '*' or '?'));
    }

    private static List<YamlNode> Bounded(Binder binder, YamlNode node, string key, int max)
    {
        if (node is not YamlSequence list) return [node];
        if (list.Items.Count <= max) return list.Items;
        binder.Error(DiagnosticCodes.TooLarge, node.Span, $"'{key}' has {list.Items.Count:N0} items; at most {max:N0} are allowed");
        return [];
    }
}
