using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Agents;

/// <summary>The keys of an agent file: those of coding CLIs, and ours that make sense without a plan.</summary>
internal static class AgentFileKeys
{
    private static readonly string[] Executors = [ExecutorKinds.Chat, ExecutorKinds.CodingCli];

    /// <summary>Keys of an agent in a plan that mean the same here. Environment, hooks and protocols are not among them: a file from elsewhere must not start programs.</summary>
    private static readonly string[] Own =
    [
        "role", "kind", "version", "replicas", "limits", "budget", "fallbacks", "system", "cognitive_pattern", "temperature", "window", "commands", "promises",
    ];

    private static readonly Dictionary<string, PermissionMode> Modes = new(ModelKeys.Modes, StringComparer.Ordinal)
    {
        ["acceptEdits"] = PermissionMode.AcceptEdits,
        ["bypassPermissions"] = PermissionMode.Bypass,
    };

    public static KeyTable<AgentFileDraft> Table { get; } = new(
        "agent-file",
        "an agent file",
        "The front matter of an agent file; the Markdown below it is the system prompt.",
        [
            new("name", "Name of the agent; the file's name unless stated.", Shapes.Id, static (b, d, n) => (d.Name, d.NameAt) = (b.Id(n, "name"), n.Span)),
            new("description", "What it does and when to use it; the agent's role.", Shapes.Text, static (b, d, n) => d.Description = b.Text(n, "description")),
            new("tools", "Tools that it may call, under our names or those of coding CLIs: a list, or names with commas between them.", Shapes.TextList, ToolList.Read),
            new("model", "Model, 'provider/model'; 'inherit' means the configured one.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Model = Model(b, n) }),
            new("executor", "How it does work; 'chat' unless stated.", Shapes.Enum(Executors), static (b, d, n) => d.Spec = d.Spec with { Executor = b.OneOf(n, "executor", Executors) ?? ExecutorKinds.Chat }),
            new("capabilities", "What it can do, as tags.", new AnyOfShape(Shapes.TextList, Shapes.ValueMap), Capabilities),
            new("memory", "Memory namespaces that it may see, such as 'shards/*'.", Shapes.TextList, Memory),
            new("permission_mode", "What its tools may do without asking; 'bypass' only a plan can give.", Shapes.Enum(Modes.Keys), Mode),
            new("permissionMode", "The same as permission_mode.", Shapes.Text, Mode),
            new("disallowedTools", "Tools that it must not have.", Shapes.TextList, ToolList.ReadDenied),
            new("maxTurns", "The same as limits.turns.", Shapes.Int(1, 10_000), static (b, d, n) => d.Spec = d.Spec with { Limits = d.Spec.Limits with { Turns = b.Int32(n, "maxTurns", 1, 10_000) } }),
            new("type", "The same as kind.", Shapes.Text, static (b, d, n) => d.Type = b.Text(n, "type")),
            .. Own.Select(Lift),
            Ignored("color", "how other programs show it"),
            Ignored("priority", "priorities belong to tasks"),
            Ignored("hooks", "scripts of agent files do not run; write hooks into the plan"),
            Ignored("env", "the environment belongs into the plan"),
            Ignored("protocols", "protocols belong into the plan"),
            Ignored("mcpServers", "servers are configured where the run happens"),
            Ignored("skills", "skills are not loaded"),
            Ignored("metadata", "it is for other programs"),
            Ignored("triggers", "agents are found by their description and capabilities"),
        ]) { IsOpen = true };

    private static Key<AgentFileDraft> Lift(string name) =>
        AgentKeys.Table[name] is var key ? new Key<AgentFileDraft>(key.Name, key.Description, key.Shape, (b, d, n) => key.Bind(b, d, n)) : throw new InvalidOperationException(name);

    private static Key<AgentFileDraft> Ignored(string name, string why) =>
        new(name, $"Has no effect: {why}.", Shapes.Any, (b, _, n) => b.Warning(DiagnosticCodes.IgnoredKey, n.Span, $"'{name}' has no effect here: {why}", name));

    private static string? Model(Binder binder, YamlNode node)
    {
        if (binder.ModelName(node, "model") is not { } model || model == "inherit") return null;
        if (!model.Contains('/', StringComparison.Ordinal))
            binder.Warning(DiagnosticCodes.NoProvider, node.Span, $"'{model}' names no provider; write provider/model, here or as 'model' of the agent in the plan", model);
        return model;
    }

    /// <summary>Tags, or a mapping as some collections have it, of which the tools are read.</summary>
    private static void Capabilities(Binder binder, AgentFileDraft draft, YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            draft.Spec = draft.Spec with { Capabilities = [.. binder.LiteralList(node, "capabilities").Where(c => !string.IsNullOrWhiteSpace(c)).Distinct(StringComparer.Ordinal)] };
            return;
        }

        foreach (var (key, value) in mapping.Entries)
            if (key.Value == "allowed_tools") ToolList.Read(binder, draft, value);
            else if (key.Value == "restricted_tools") ToolList.ReadDenied(binder, draft, value);
            else binder.Warning(DiagnosticCodes.IgnoredKey, key.Span, $"'{DiagnosticBag.OneLine(key.Value)}' of 'capabilities' has no effect here", key.Value);
    }

    /// <summary>Coding CLIs say here where they keep notes; ours are namespaces.</summary>
    private static void Memory(Binder binder, AgentFileDraft draft, YamlNode node)
    {
        if (node is YamlScalar { Value: "user" or "project" or "local" } place)
            binder.Warning(DiagnosticCodes.IgnoredKey, node.Span, $"'memory: {place.Value}' has no effect here; name namespaces such as 'research/*'", place.Value);
        else draft.Spec = draft.Spec with { MemoryScope = binder.LiteralList(node, "memory") };
    }

    private static void Mode(Binder binder, AgentFileDraft draft, YamlNode node)
    {
        if (binder.OneOf(node, "permission_mode", Modes) is not { } mode) return;
        if (mode != PermissionMode.Bypass) draft.Spec = draft.Spec with { PermissionMode = mode };
        else binder.Warning(DiagnosticCodes.IgnoredKey, node.Span, "an agent file cannot give itself 'bypass'; it stays at 'default', and the plan can give it", "bypass");
    }
}
