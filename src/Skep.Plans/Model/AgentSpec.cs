namespace Skep.Plans;

/// <summary>What a worker is: role, capabilities, how it works and its limits.</summary>
public sealed record AgentSpec
{
    /// <summary>Identifier of the spec used by tasks that name no agent.</summary>
    public const string ImplicitId = "worker";

    /// <summary>The spec used by tasks that name no agent: a plain <c>command</c> worker, as many as the swarm allows.</summary>
    public static AgentSpec Implicit { get; } = new() { Id = ImplicitId, Executor = ExecutorKinds.Command };

    /// <summary>Identifier, unique among agents and teams.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, in words.</summary>
    public string? Role { get; init; }

    /// <summary>What kind of agent it is, a free tag such as <c>researcher</c> (<c>kind</c>).</summary>
    public string? Kind { get; init; }

    /// <summary>Version of the spec (<c>version</c>).</summary>
    public AgentVersion? Version { get; init; }

    /// <summary>What it can do, as tags.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>How it does work; see <see cref="ExecutorKinds"/>.</summary>
    public string Executor { get; init; } = ExecutorKinds.Command;

    /// <summary>For <c>dotnet</c>: the registered name of the <c>IAgent</c>; defaults to the id. For <c>mcp</c>: a server, or <c>SERVER/TOOL</c>. For <c>coding-cli</c>: an adapter; <c>claude</c> unless stated.</summary>
    public string? Uses { get; init; }

    /// <summary>How many instances may live at once; null means as many as the swarm allows.</summary>
    public int? Replicas { get; init; }

    /// <summary>Limits of each attempt.</summary>
    public AgentLimits Limits { get; init; } = new();

    /// <summary>Model, <c>provider/model</c>, for executors that talk to models; null: the one that is configured where the run happens.</summary>
    public string? Model { get; init; }

    /// <summary>Models to go down to, in this order (<c>fallbacks</c>); each stands once, and <see cref="Model"/> is not among them.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>What the model is told before its task (<c>system</c>); taken as it is, expressions are not filled in.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The way of thinking that it is asked for; null: none in particular.</summary>
    public CognitivePattern? CognitivePattern { get; init; }

    /// <summary>Sampling temperature, 0 to 2; null: the provider's default.</summary>
    public double? Temperature { get; init; }

    /// <summary>Tokens of context that the model takes (<c>window</c>); null: as known of the model.</summary>
    public int? Window { get; init; }

    /// <summary>Names of the tools that it may call, and no others, for executors that use tools.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>What the tool <c>run_command</c> may start (<c>commands</c>); empty: nothing.</summary>
    public IReadOnlyList<AllowedCommand> Commands { get; init; } = [];

    /// <summary>Agents and teams for which the tool <c>propose_tasks</c> may propose tasks (<c>proposes</c>); empty: for itself.</summary>
    public IReadOnlyList<string> Proposes { get; init; } = [];

    /// <summary>What its tools may do without asking.</summary>
    public PermissionMode PermissionMode { get; init; } = PermissionMode.Default;

    /// <summary>Metrics that it promises (<c>promises: { accuracy: "&gt;= 0.9" }</c>).</summary>
    public IReadOnlyList<MetricCheck> Promises { get; init; } = [];

    /// <summary>What all its attempts in a run may use together; null: no limit of its own.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Memory namespaces that the agent may see (<c>memory: [ns/*]</c>).</summary>
    public IReadOnlyList<string> MemoryScope { get; init; } = [];

    /// <summary>Environment of its attempts; values may hold expressions.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the protocols that it follows, of the plan or of <see cref="BuiltInProtocols"/>.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>What happens around the actions of its tasks.</summary>
    public IReadOnlyList<HookSpec> Hooks { get; init; } = [];

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }
}

/// <summary>The executor names that the language knows.</summary>
public static class ExecutorKinds
{
    /// <summary>A process.</summary>
    public const string Command = "command";

    /// <summary>An <c>IAgent</c> of the host program.</summary>
    public const string DotNet = "dotnet";

    /// <summary>A person who approves or answers.</summary>
    public const string Human = "human";

    /// <summary>A model with tools.</summary>
    public const string Chat = "chat";

    /// <summary>A headless coding CLI.</summary>
    public const string CodingCli = "coding-cli";

    /// <summary>One MCP tool call.</summary>
    public const string Mcp = "mcp";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Command, DotNet, Human, Chat, CodingCli, Mcp];
}

/// <summary>Limits of one attempt. A null member is unlimited, except <paramref name="Turns"/>.</summary>
/// <param name="MemoryBytes">Resident memory of the whole process tree.</param>
/// <param name="CpuTime">CPU time of the whole process tree.</param>
/// <param name="Timeout">Wall-clock time; a task's own <c>timeout</c> wins.</param>
/// <param name="OutputBytes">Bytes kept of the full log; what exceeds it is dropped from the middle of the stream and said so.</param>
/// <param name="Turns">Most calls of a model; null: the executor's own cap, which is never absent.</param>
/// <param name="OutputTokens">Most tokens that a model may answer in one call.</param>
public sealed record AgentLimits(long? MemoryBytes = null, TimeSpan? CpuTime = null, TimeSpan? Timeout = null, long? OutputBytes = null, int? Turns = null, int? OutputTokens = null);
