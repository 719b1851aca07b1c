namespace Skep.Plans;

/// <summary>How much a task matters when a budget runs short. Lower tiers are dropped first.</summary>
public enum Tier
{
    /// <summary>Never dropped.</summary>
    Critical,

    /// <summary>Dropped last. The default.</summary>
    Important,

    /// <summary>Good to have.</summary>
    Nice,

    /// <summary>Dropped first.</summary>
    Experimental,
}

/// <summary>A node of the DAG: a piece of work for one agent.</summary>
public sealed record PlanTask
{
    /// <summary>Identifier, unique among phases and tasks.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, in words.</summary>
    public string? Title { get; init; }

    /// <summary>Id of the phase it stands in.</summary>
    public required string Phase { get; init; }

    /// <summary>Id of the agent spec or team that does it; null for <see cref="AgentSpec.Implicit"/>.</summary>
    public string? Agent { get; init; }

    /// <summary>What to run, for executor <c>command</c>.</summary>
    public CommandSpec? Run { get; init; }

    /// <summary>What to ask or tell the agent: prompt of a model, question to a person, input of an <c>IAgent</c>. May hold expressions.</summary>
    public string? Prompt { get; init; }

    /// <summary>JSON Schema of the answer of a model (<c>output_schema</c>), a map; null: any text.</summary>
    public PlanValue? OutputSchema { get; init; }

    /// <summary>What must be true of the result, for the model to work towards (<c>acceptance</c>); may hold expressions.</summary>
    public IReadOnlyList<string> Acceptance { get; init; } = [];

    /// <summary>Facts that stay in the conversation when it is compacted (<c>pin</c>); may hold expressions.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Memory that the model is shown at the beginning (<c>context</c>): keys, or all of a namespace as <c>ns/*</c>.</summary>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>What all attempts of the task may use together, of a fan-out each item's; null: no limit of its own.</summary>
    public Budget? Budget { get; init; }

    /// <summary>For <c>mcp</c>: the tool to call, of the agent's server, when the agent does not say it.</summary>
    public string? Tool { get; init; }

    /// <summary>Arguments for <c>dotnet</c> and <c>mcp</c> agents (<c>with:</c>); values may hold expressions.</summary>
    public IReadOnlyDictionary<string, PlanValue> With { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>Tasks or phases that must be settled first.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>Expression that yields a list; the task runs once per item. Null: runs once.</summary>
    public PlanExpression? Foreach { get; init; }

    /// <summary>Literal list for <c>foreach</c>, when it is written out in the plan instead of an expression.</summary>
    public IReadOnlyList<PlanValue>? ForeachItems { get; init; }

    /// <summary>Condition; false means the task is skipped.</summary>
    public PlanExpression? When { get; init; }

    /// <summary>Environment; values may hold expressions.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Working directory, relative to the workspace; may hold expressions.</summary>
    public string? Cwd { get; init; }

    /// <summary>Wall-clock limit of one attempt.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens after a failed attempt.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>Among ready tasks of one tier the higher priority starts first; -1,000 to 1,000, default 0.</summary>
    public int Priority { get; init; }

    /// <summary>How much it matters.</summary>
    public Tier Tier { get; init; } = Tier.Important;

    /// <summary>Files it must leave behind, relative to its working directory; kept as artifacts.</summary>
    public IReadOnlyList<string> Produces { get; init; } = [];

    /// <summary>Memory keys it reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Memory keys it writes: an output of that name is stored under the key.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>Globs of files that only it may change while it runs.</summary>
    public IReadOnlyList<string> Owns { get; init; } = [];

    /// <summary>Expected duration, for schedules and forecasts.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>Value of the work, 1 to 10, for prioritisation.</summary>
    public int? Impact { get; init; }

    /// <summary>Cost of the work, 1 to 10, for prioritisation.</summary>
    public int? Effort { get; init; }

    /// <summary>Whether its failure leaves the run's outcome and its dependants alone.</summary>
    public bool AllowFailure { get; init; }

    /// <summary>Whether what it names does not exist yet. A run passes over it and says so; it needs no <c>run</c>, and one that stands there says what the command will be.</summary>
    public bool Planned { get; init; }

    /// <summary>What happens around its own actions.</summary>
    public IReadOnlyList<HookSpec> Hooks { get; init; } = [];

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }
}

/// <summary>A command: either an argument vector that is executed as it is, or a script for a shell.</summary>
public sealed record CommandSpec
{
    /// <summary>Program and arguments; each may hold expressions, and each stays one argument whatever it expands to. Empty when <see cref="Script"/> is set.</summary>
    public IReadOnlyList<string> Argv { get; init; } = [];

    /// <summary>A script for <c>/bin/sh -c</c> (<c>shell: true</c>), passed on as written. Expressions reach it through <c>env</c> only, so that no value is ever parsed as code.</summary>
    public string? Script { get; init; }

    /// <summary>Position of the text.</summary>
    public SourceSpan At { get; init; }

    /// <summary>The command on one line, for people.</summary>
    public string Display => Script ?? string.Join(' ', Argv);
}

/// <summary>Retries with exponential backoff: attempt n waits <c>min(backoff × factor^(n-1), max)</c>, less a random share of up to <see cref="Jitter"/>.</summary>
/// <param name="Attempts">Attempts in all, 1 to 100.</param>
/// <param name="Backoff">First wait.</param>
/// <param name="Factor">Growth per attempt, at least 1.</param>
/// <param name="MaxBackoff">Longest wait.</param>
/// <param name="Jitter">0 to 1: the share of the wait that is random.</param>
public sealed record RetryPolicy(int Attempts, TimeSpan Backoff, double Factor, TimeSpan MaxBackoff, double Jitter)
{
    /// <summary>One attempt, no retry.</summary>
    public static RetryPolicy None { get; } = new(1, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5), 0.1);
}
