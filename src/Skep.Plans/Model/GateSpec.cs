namespace Skep.Plans;

/// <summary>A typed check with evidence. A node of the run: what depends on a failed gate does not start.</summary>
public sealed record GateSpec
{
    /// <summary>Identifier, unique among gates; <c>phase.gate-1</c> when the plan names none.</summary>
    public required string Id { get; init; }

    /// <summary>What it checks, in words.</summary>
    public string? Title { get; init; }

    /// <summary>Id of the phase it closes.</summary>
    public required string Phase { get; init; }

    /// <summary>Kind; see <see cref="GateKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether what it checks with does not exist yet. A run passes over it and says so.</summary>
    public bool Planned { get; init; }

    /// <summary>For <c>command</c>: what to run; exit code 0 passes.</summary>
    public CommandSpec? Run { get; init; }

    /// <summary>For <c>metric</c>: the comparison.</summary>
    public MetricCheck? Metric { get; init; }

    /// <summary>For <c>deliverables</c>: the files that must be there.</summary>
    public DeliverablesCheck? Deliverables { get; init; }

    /// <summary>For <c>coverage</c>: reports and thresholds.</summary>
    public CoverageCheck? Coverage { get; init; }

    /// <summary>For <c>benchmark</c>: report, baseline and how much slower is too slow.</summary>
    public BenchmarkCheck? Benchmark { get; init; }

    /// <summary>For <c>approve</c>: who has a vote and how many must say yes.</summary>
    public ApprovalCheck? Approval { get; init; }

    /// <summary>Working directory of a command, and where relative paths of the other kinds begin; relative to the workspace.</summary>
    public string? Cwd { get; init; }

    /// <summary>Environment of a command.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Wall-clock limit of the check; of approvals: how long votes are awaited.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Tasks it waits for; empty means all tasks of its phase.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>Position of the gate.</summary>
    public SourceSpan At { get; init; }

    /// <summary>What it checks, in one line.</summary>
    public string Display =>
        Metric?.ToString() ?? Run?.Display ?? Deliverables?.ToString() ?? Coverage?.ToString() ?? Benchmark?.ToString() ?? Approval?.ToString() ?? Kind;

    /// <summary>Texts of the check that may hold expressions, beside command, environment and working directory.</summary>
    public IEnumerable<string> Templates =>
        (Deliverables?.Paths ?? []).Concat(Coverage?.Reports ?? [])
        .Concat(Benchmark is { } b ? [b.Report, b.Baseline] : [])
        .Concat(Approval?.Ask is { } ask ? [ask] : []);
}

/// <summary>The gate kinds that the language knows.</summary>
public static class GateKinds
{
    /// <summary>A command that exits with 0.</summary>
    public const string Command = "command";

    /// <summary>A metric compared with a number.</summary>
    public const string Metric = "metric";

    /// <summary>Files that must exist.</summary>
    public const string Deliverables = "deliverables";

    /// <summary>Test coverage as Cobertura XML tells it.</summary>
    public const string Coverage = "coverage";

    /// <summary>Measured times against a stored baseline.</summary>
    public const string Benchmark = "benchmark";

    /// <summary>Votes of named roles.</summary>
    public const string Approve = "approve";

    /// <summary>A check that is only planned and has no kind yet; always <see cref="GateSpec.Planned"/>.</summary>
    public const string Planned = "planned";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Command, Metric, Deliverables, Coverage, Benchmark, Approve, Planned];
}

/// <summary>A metric compared with a number. The name is looked up as <c>metric</c>, <c>phase.metric</c> or <c>task.metric</c>; the latest report wins.</summary>
/// <param name="Name">Metric name.</param>
/// <param name="Op">Comparison.</param>
/// <param name="Value">Right-hand side.</param>
public sealed record MetricCheck(string Name, Comparison Op, double Value)
{
    /// <summary>Whether a value passes. NaN never does.</summary>
    public bool Passes(double actual) => Op switch
    {
        Comparison.Less => actual < Value,
        Comparison.AtMost => actual <= Value,
        Comparison.Equal => actual.Equals(Value),
        Comparison.NotEqual => !double.IsNaN(actual) && !actual.Equals(Value),
        Comparison.AtLeast => actual >= Value,
        _ => actual > Value,
    };

    /// <summary>The check as people write it: <c>coverage &gt;= 85</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {Symbol(Op)} {Value:R}");

    /// <summary>The operator's symbol.</summary>
    public static string Symbol(Comparison op) => op switch
    {
        Comparison.Less => "<",
        Comparison.AtMost => "<=",
        Comparison.Equal => "==",
        Comparison.NotEqual => "!=",
        Comparison.AtLeast => ">=",
        _ => ">",
    };
}
