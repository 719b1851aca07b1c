using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of an agent.</summary>
internal static class AgentKeys
{
    private const int MaxReplicas = 4_096;

    public static KeyTable<AgentDraft> Table { get; } = new(
        "agent",
        "an agent",
        "What a worker is.",
        new("from", "An agent file that it is made from: a path relative to the plan, or a name such as researcher@1; what stands here wins.", Shapes.Text, static (_, _, _) => { }),
        new("role", "What it does, in words.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Role = b.Text(n, "role") }),
        new("kind", "What kind of agent it is, a free tag such as 'researcher'.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Kind = b.LiteralText(n, "kind") }),
        new("version", "Version of the spec: 1, 1.2 or 1.2.3.", VersionShape, static (b, d, n) => d.Spec = d.Spec with { Version = Version(b, n) }),
        new("capabilities", "What it can do, as tags.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Capabilities = b.LiteralList(n, "capabilities") }),
        new("executor", "How it does work; 'command' unless stated.", Shapes.Enum(ExecutorKinds.All), static (b, d, n) => d.Spec = d.Spec with { Executor = b.OneOf(n, "executor", ExecutorKinds.All) ?? "" }),
        new("uses", "For 'dotnet': the registered name of the agent; the id unless stated. For 'mcp': a server, or SERVER/TOOL. For 'coding-cli': an adapter; 'claude' unless stated.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Uses = b.Text(n, "uses") }),
        new("replicas", "How many may live at once; as many as the swarm allows unless stated.", Shapes.Int(1, MaxReplicas), static (b, d, n) => d.Spec = d.Spec with { Replicas = b.Int32(n, "replicas", 1, MaxReplicas) }),
        new("limits", "Limits of each attempt.", new RefShape("limits"), static (b, d, n) => d.Spec = d.Spec with { Limits = LimitsKeys.Read(b, n, d.Spec.Limits) }),
        new("budget", "What all its attempts in a run may use together.", new RefShape("budget"), static (b, d, n) => d.Spec = d.Spec with { Budget = BudgetKeys.Read(b, n, AtLimit.Fail) }),
        new("model", "Model, 'provider/model', for executors that talk to models; the configured one unless stated.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Model = b.ModelName(n, "model") }),
        new("fallbacks", "Models to go down to, in order.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Fallbacks = ModelKeys.Fallbacks(b, n) }),
        new("system", "What the model is told before its task; taken as it is.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { SystemPrompt = b.PlainText(n, "system") }),
        new("cognitive_pattern", "The way of thinking that it is asked for.", Shapes.Enum(ModelKeys.Patterns.Keys), static (b, d, n) => d.Spec = d.Spec with { CognitivePattern = b.OneOf(n, "cognitive_pattern", ModelKeys.Patterns) }),
        new("temperature", "Sampling temperature, 0 to 2; the provider's default unless stated.", Shapes.Number(0, ModelKeys.MaxTemperature), static (b, d, n) => d.Spec = d.Spec with { Temperature = b.Number(n, "temperature", 0, ModelKeys.MaxTemperature) }),
        new("window", "Tokens of context that the model takes; as known of the model unless stated.", Shapes.Int(ModelKeys.MinWindow, ModelKeys.MaxWindow), static (b, d, n) => d.Spec = d.Spec with { Window = b.Int32(n, "window", ModelKeys.MinWindow, ModelKeys.MaxWindow) }),
        new("tools", "Names of the tools that it may call, or of groups of them, for executors that use tools; run_command(git status) also adds to 'commands'.", Shapes.TextList, static (b, d, n) => (d.Spec, d.ToolCommands) = ModelKeys.Tools(b, n, d.Spec)),
        new("commands", "What the tool run_command may start: programs, or programs with arguments that they must begin with, such as 'git status'.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Commands = ModelKeys.Commands(b, n) }),
        new("proposes", "Agents and teams for which the tool propose_tasks may propose tasks; itself unless stated.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Proposes = b.LiteralList(n, "proposes") }),
        new("permission_mode", "What its tools may do without asking; 'default' unless stated.", Shapes.Enum(ModelKeys.Modes.Keys), static (b, d, n) => d.Spec = d.Spec with { PermissionMode = b.OneOf(n, "permission_mode", ModelKeys.Modes) ?? default }),
        new("promises", "Metrics that it promises, such as { accuracy: '>= 0.9' }.", PromiseKeys.Shape, static (b, d, n) => d.Spec = d.Spec with { Promises = PromiseKeys.Read(b, n) }),
        new("memory", "Memory namespaces that it may see, such as 'shards/*'.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { MemoryScope = b.LiteralList(n, "memory") }),
        new("env", "Environment of its attempts; values may hold expressions.", Shapes.TextMap, static (b, d, n) => d.Spec = d.Spec with { Env = b.Environment(n, "env") }),
        new("protocols", "Protocols that it follows, of this plan or built in ('coordination').", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Protocols = b.LiteralList(n, "protocols") }),
        new("hooks", "What happens around the actions of its tasks.", HookKeys.Shape, static (b, d, n) => d.Spec = d.Spec with { Hooks = HookKeys.ReadAll(b, n) }));

    private static Shape VersionShape => new AnyOfShape(new TextShape(AgentVersion.Pattern), Shapes.Number(0, int.MaxValue));

    private static AgentVersion? Version(Binder binder, YamlNode node)
    {
        if (binder.Text(node, "version") is not { } text) return null;
        if (AgentVersion.TryParse(text, out var version)) return version;
        binder.Error(DiagnosticCodes.BadValue, node.Span, $"'version' must be up to three numbers such as 1, 1.2 or 1.2.3, not '{DiagnosticBag.OneLine(text)}'", text);
        return null;
    }

    /// <summary>Reads the mapping of agents.</summary>
    public static IReadOnlyList<AgentSpec> ReadAll(Binder binder, YamlNode node)
    {
        var agents = new List<AgentSpec>();
        foreach (var (key, value) in binder.Map(node, "agents", "{ ID: { role: ..., executor: command } }") ?? [])
        {
            var from = (value as YamlMapping)?.Find("from");
            var file = from is null ? null : binder.AgentFrom(from);
            // A file that cannot be used is one error; what it would have said is not missing as well.
            var spec = file?.Spec ?? new AgentSpec { Id = "", Executor = from is null ? ExecutorKinds.Command : ExecutorKinds.Chat };
            var draft = new AgentDraft(spec with { Id = binder.Id(key, "agents") ?? "", At = key.Span });
            binder.Owner = new Owner(OwnerKind.Agent, agents.Count);
            Table.Bind(binder, value, draft);
            binder.Sources.Agents.Add(value as YamlMapping ?? new YamlMapping(value.Span));
            if (file?.UnknownTools.Intersect(draft.Spec.Tools).ToList() is { Count: > 0 } unknown)
                binder.Warning(DiagnosticCodes.UnknownTool, from!.Span, $"skep has no tools {string.Join(", ", unknown.Take(8))}, which the agent file names; the agent has them only where a host or an MCP server brings them");
            agents.Add(draft.Finish());
        }

        return agents;
    }
}

/// <summary>An agent while it is read.</summary>
internal class AgentDraft(AgentSpec spec)
{
    public AgentSpec Spec { get; set; } = spec;

    /// <summary>Commands that stand among the tools.</summary>
    public IReadOnlyList<AllowedCommand> ToolCommands { get; set; } = [];

    /// <summary>The spec, with the commands of both places.</summary>
    public AgentSpec Finish() => Spec with { Commands = [.. Spec.Commands.Union(ToolCommands)] };
}
