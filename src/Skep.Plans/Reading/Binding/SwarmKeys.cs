using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>swarm</c>.</summary>
internal static class SwarmKeys
{
    /// <summary>Most agents or attempts at once.</summary>
    private const int MaxAgents = 4_096;

    private const int MaxNames = 1_000;
    private const int MaxFanOut = 1_000_000;
    private const int MaxProposedTasks = 10_000;

    private static readonly Dictionary<string, Topology> Topologies = new(StringComparer.Ordinal)
    {
        ["hierarchical"] = Topology.Hierarchical,
        ["star"] = Topology.Star,
        ["mesh"] = Topology.Mesh,
        ["ring"] = Topology.Ring,
        ["adaptive"] = Topology.Adaptive,
    };

    private static readonly Dictionary<string, OnFailure> Failures = new(StringComparer.Ordinal)
    {
        ["continue"] = OnFailure.Continue,
        ["stop"] = OnFailure.Stop,
    };

    private static readonly Dictionary<string, OwnershipRule> OwnershipRules = new(StringComparer.Ordinal)
    {
        ["report"] = OwnershipRule.Report,
        ["block"] = OwnershipRule.Block,
    };

    public static KeyTable<SwarmDraft> Table { get; } = new(
        "swarm",
        "'swarm'",
        "Settings of the swarm as a whole.",
        new("topology", "Who may talk to whom and who picks the next task.", Shapes.Enum(Topologies.Keys), static (b, d, n) => d.Settings = d.Settings with { Topology = b.OneOf(n, "topology", Topologies) ?? default }),
        new("max_agents", "Most agents alive at once.", Shapes.Int(1, MaxAgents), static (b, d, n) => d.MaxAgents = b.Int32(n, "max_agents", 1, MaxAgents)),
        new("max_concurrency", "Most attempts that run at once; max_agents unless stated.", Shapes.Int(1, MaxAgents), static (b, d, n) => (d.MaxConcurrency, d.MaxConcurrencyAt) = (b.Int32(n, "max_concurrency", 1, MaxAgents), n.Span)),
        new("batch_size", "Most attempts that are assigned but not yet started; max_concurrency unless stated.", Shapes.Int(1, MaxAgents), static (b, d, n) => d.BatchSize = b.Int32(n, "batch_size", 1, MaxAgents)),
        new("coordinator", "The agent that coordinates the others, and gets what they address to the coordinator.", Shapes.Id, static (b, d, n) => d.Settings = d.Settings with { Coordinator = b.Text(n, "coordinator") }),
        new("budget", "What the run may use.", new RefShape("budget"), static (b, d, n) => d.Settings = d.Settings with { Budget = BudgetKeys.Read(b, n, AtLimit.DropTiers) }),
        new("optimizer", "Rules that change running queries by what is measured of them; none unless stated.", new RefShape("optimizer"), static (b, d, n) => d.Settings = d.Settings with { Optimizer = OptimizerKeys.Read(b, n) }),
        new("committee", "The set of voters.", new RefShape("committee"), static (b, d, n) => d.Settings = d.Settings with { Committee = CommitteeKeys.Read(b, n) }),
        new("merge", "How the finished work of coding agents comes together; unless stated it stays on their branches.", new RefShape("merge"), static (b, d, n) => d.Settings = d.Settings with { Merge = MergeKeys.Read(b, n) }),
        new("on_failure", "What a failed task does to what does not depend on it.", Shapes.Enum(Failures.Keys), static (b, d, n) => d.Settings = d.Settings with { OnFailure = b.OneOf(n, "on_failure", Failures) ?? default }),
        new("ownership", "What happens when somebody edits a file that another live task owns; 'report' unless stated.", Shapes.Enum(OwnershipRules.Keys), static (b, d, n) => d.Settings = d.Settings with { Ownership = b.OneOf(n, "ownership", OwnershipRules) ?? default }),
        new("lease", "How long an attempt may be silent before it counts as lost, 1s to 1h.", Shapes.Duration, static (b, d, n) => d.Settings = d.Settings with { Lease = b.Duration(n, "lease", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(30) }),
        new("max_fan_out", "Most items of one foreach.", Shapes.Int(1, MaxFanOut), static (b, d, n) => d.Settings = d.Settings with { MaxFanOut = b.Int32(n, "max_fan_out", 1, MaxFanOut) ?? 1 }),
        new("max_proposed_tasks", "Most tasks that agents may propose while the run is at work, items of fan-outs counted; 50 unless stated.", Shapes.Int(0, MaxProposedTasks), static (b, d, n) => d.Settings = d.Settings with { MaxProposedTasks = b.Int32(n, "max_proposed_tasks", 0, MaxProposedTasks) ?? 0 }),
        new("env_allow", "Names of environment variables that tasks may see; '*' at the end matches any rest.", Shapes.TextList, static (b, d, n) => d.Settings = d.Settings with { EnvAllow = Names(b, n, "env_allow") }),
        new("secrets", "Names of environment variables whose values are masked everywhere.", Shapes.TextList, static (b, d, n) => d.Settings = d.Settings with { Secrets = Names(b, n, "secrets") }),
        new("env", "Environment of every task.", Shapes.TextMap, static (b, d, n) => d.Settings = d.Settings with { Env = b.Environment(n, "env") }));

    /// <summary>Names of environment variables: few, because every use of a variable is compared with all of them.</summary>
    private static IReadOnlyList<string> Names(Binder binder, YamlNode node, string key)
    {
        var names = binder.LiteralList(node, key);
        if (names.Count <= MaxNames) return names;
        binder.Error(DiagnosticCodes.TooLarge, node.Span, $"'{key}' has {names.Count:N0} names; at most {MaxNames:N0} are allowed; use '*' at the end of a name");
        return [];
    }

    /// <summary>Reads the settings and fills in what follows from the others.</summary>
    public static SwarmSettings Read(Binder binder, YamlNode node)
    {
        var draft = new SwarmDraft();
        binder.Owner = Owner.Swarm;
        binder.Sources.Swarm = node as YamlMapping;
        Table.Bind(binder, node, draft);
        return draft.ToSettings(binder);
    }
}

/// <summary>The settings while they are read.</summary>
internal sealed class SwarmDraft
{
    public SwarmSettings Settings { get; set; } = new();

    public int? MaxAgents { get; set; }

    public int? MaxConcurrency { get; set; }

    public SourceSpan MaxConcurrencyAt { get; set; }

    public int? BatchSize { get; set; }

    /// <summary>Applies the defaults that depend on other settings.</summary>
    public SwarmSettings ToSettings(Binder binder)
    {
        var agents = MaxAgents ?? MaxConcurrency ?? SwarmSettings.DefaultMaxConcurrency;
        var concurrency = MaxConcurrency ?? agents;
        if (concurrency > agents)
        {
            binder.Warning(DiagnosticCodes.OutOfRange, MaxConcurrencyAt, $"max_concurrency {concurrency} is more than max_agents {agents}, so only {agents} attempts run at once; raise max_agents or lower max_concurrency");
            concurrency = agents;
        }

        return Settings with { MaxAgents = agents, MaxConcurrency = concurrency, BatchSize = BatchSize ?? concurrency };
    }
}
