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
        new("role", "What it does, in words.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Role = b.Text(n, "role") }),
        new("capabilities", "What it can do, as tags.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Capabilities = b.LiteralList(n, "capabilities") }),
        new("executor", "How it does work; 'command' unless stated.", Shapes.Enum(ExecutorKinds.All), static (b, d, n) => d.Spec = d.Spec with { Executor = b.OneOf(n, "executor", ExecutorKinds.All) ?? "" }),
        new("uses", "For 'dotnet': the registered name of the agent; the id unless stated.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Uses = b.Text(n, "uses") }),
        new("replicas", "How many may live at once; as many as the swarm allows unless stated.", Shapes.Int(1, MaxReplicas), static (b, d, n) => d.Spec = d.Spec with { Replicas = b.Int32(n, "replicas", 1, MaxReplicas) }),
        new("limits", "Limits of each attempt.", new RefShape("limits"), static (b, d, n) => d.Spec = d.Spec with { Limits = LimitsKeys.Read(b, n) }),
        new("model", "Model name, for executors that talk to models.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Model = b.Text(n, "model") }),
        new("tools", "Tool names, for executors that use tools.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Tools = b.LiteralList(n, "tools") }),
        new("memory", "Memory namespaces that it may see, such as 'shards/*'.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { MemoryScope = b.LiteralList(n, "memory") }),
        new("env", "Environment of its attempts; values may hold expressions.", Shapes.TextMap, static (b, d, n) => d.Spec = d.Spec with { Env = b.Environment(n, "env") }),
        new("protocols", "Protocols that it follows, of this plan or built in ('coordination').", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Protocols = b.LiteralList(n, "protocols") }),
        new("hooks", "What happens around the actions of its tasks.", HookKeys.Shape, static (b, d, n) => d.Spec = d.Spec with { Hooks = HookKeys.ReadAll(b, n) }));

    /// <summary>Reads the mapping of agents.</summary>
    public static IReadOnlyList<AgentSpec> ReadAll(Binder binder, YamlNode node)
    {
        var agents = new List<AgentSpec>();
        foreach (var (key, value) in binder.Map(node, "agents", "{ ID: { role: ..., executor: command } }") ?? [])
        {
            var draft = new AgentDraft(new AgentSpec { Id = binder.Id(key, "agents") ?? "", At = key.Span });
            binder.Owner = new Owner(OwnerKind.Agent, agents.Count);
            Table.Bind(binder, value, draft);
            binder.Sources.Agents.Add(value as YamlMapping ?? new YamlMapping(value.Span));
            agents.Add(draft.Spec);
        }

        return agents;
    }
}

/// <summary>An agent while it is read.</summary>
internal sealed class AgentDraft(AgentSpec spec)
{
    public AgentSpec Spec { get; set; } = spec;
}

/// <summary>The keys of <c>limits</c>.</summary>
internal static class LimitsKeys
{
    public static KeyTable<LimitsDraft> Table { get; } = new(
        "limits",
        "'limits'",
        "Limits of one attempt; what is not stated is unlimited.",
        new("memory", "Resident memory of the whole process tree.", Shapes.Size, static (b, d, n) => d.Limits = d.Limits with { MemoryBytes = b.Size(n, "memory") }),
        new("cpu", "CPU time of the whole process tree.", Shapes.Duration, static (b, d, n) => d.Limits = d.Limits with { CpuTime = b.Duration(n, "cpu") }),
        new("timeout", "Wall-clock time; a task's own timeout wins.", Shapes.Duration, static (b, d, n) => d.Limits = d.Limits with { Timeout = b.Duration(n, "timeout") }),
        new("output", "Bytes kept of the full log.", Shapes.Size, static (b, d, n) => d.Limits = d.Limits with { OutputBytes = b.Size(n, "output") }));

    public static AgentLimits Read(Binder binder, YamlNode node)
    {
        var draft = new LimitsDraft();
        Table.Bind(binder, node, draft);
        return draft.Limits;
    }
}

/// <summary>Limits while they are read.</summary>
internal sealed class LimitsDraft
{
    public AgentLimits Limits { get; set; } = new();
}
