namespace Skep.Plans;

/// <summary>Who may talk to whom and who picks the next task.</summary>
public enum Topology
{
    /// <summary>A queen assigns; workers answer to her.</summary>
    Hierarchical,

    /// <summary>One centre, no intermediate leads.</summary>
    Star,

    /// <summary>Everyone talks to everyone.</summary>
    Mesh,

    /// <summary>Each talks to the next.</summary>
    Ring,

    /// <summary>Chosen by the queen as the run goes.</summary>
    Adaptive,
}

/// <summary>What a failed task does to the rest of the run.</summary>
public enum OnFailure
{
    /// <summary>What does not depend on it goes on.</summary>
    Continue,

    /// <summary>Nothing new starts; what runs is cancelled.</summary>
    Stop,
}

/// <summary>What happens when somebody edits a file that another live task owns.</summary>
public enum OwnershipRule
{
    /// <summary>It is reported, and goes on.</summary>
    Report,

    /// <summary>It is blocked.</summary>
    Block,
}

/// <summary>Settings of the swarm as a whole (<c>swarm:</c>).</summary>
public sealed record SwarmSettings
{
    /// <summary>Most attempts that run at once, when the plan does not say.</summary>
    public const int DefaultMaxConcurrency = 8;

    /// <summary>Topology; <see cref="Plans.Topology.Hierarchical"/> unless stated.</summary>
    public Topology Topology { get; init; } = Topology.Hierarchical;

    /// <summary>Most agents alive at once (<c>max_agents</c>); an upper bound of <see cref="MaxConcurrency"/>.</summary>
    public int MaxAgents { get; init; } = DefaultMaxConcurrency;

    /// <summary>Most attempts that run at once (<c>max_concurrency</c>), 1 to 4,096. Defaults to <see cref="MaxAgents"/>.</summary>
    public int MaxConcurrency { get; init; } = DefaultMaxConcurrency;

    /// <summary>Most attempts that are assigned but not yet started (<c>batch_size</c>), 1 to 4,096. Defaults to <see cref="MaxConcurrency"/>.</summary>
    public int BatchSize { get; init; } = DefaultMaxConcurrency;

    /// <summary>The agent that coordinates the others (<c>coordinator</c>), or null for the queen alone.</summary>
    public string? Coordinator { get; init; }

    /// <summary>What the run may use.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>Rules that change running queries by what is measured of them; null: none, nothing is changed.</summary>
    public OptimizerSpec? Optimizer { get; init; }

    /// <summary>The committee that votes, or null.</summary>
    public CommitteeSpec? Committee { get; init; }

    /// <summary>How the finished work of coding agents comes together; null: it stays on their branches.</summary>
    public MergeSpec? Merge { get; init; }

    /// <summary>What a failed task does to the rest.</summary>
    public OnFailure OnFailure { get; init; } = OnFailure.Continue;

    /// <summary>What happens when somebody edits a file that another live task owns (<c>ownership</c>).</summary>
    public OwnershipRule Ownership { get; init; } = OwnershipRule.Report;

    /// <summary>How long an attempt may be silent before it counts as lost (<c>lease</c>), 1 s to 1 h.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most items of one <c>foreach</c> (<c>max_fan_out</c>).</summary>
    public int MaxFanOut { get; init; } = 10_000;

    /// <summary>Most executions that agents may propose in a run (<c>max_proposed_tasks</c>), 0 to 10,000; a fan-out counts with its items.</summary>
    public int MaxProposedTasks { get; init; } = 50;

    /// <summary>Names of environment variables that tasks may see besides the built-in list (<c>env_allow</c>); <c>*</c> at the end matches any rest.</summary>
    public IReadOnlyList<string> EnvAllow { get; init; } = [];

    /// <summary>Names of environment variables whose values are secret (<c>secrets</c>): passed to tasks, masked everywhere.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Environment of every task (<c>env</c>); values may hold expressions.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();
}

/// <summary>A set of voters (<c>committee:</c>).</summary>
/// <param name="Protocol"><c>pbft</c>, <c>raft</c> or <c>majority</c>.</param>
/// <param name="Tolerate">How many faulty members it stands.</param>
/// <param name="Members">Agent ids, or empty for all.</param>
public sealed record CommitteeSpec(string Protocol, int Tolerate, IReadOnlyList<string> Members);
