using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that compares measurements with a baseline.</summary>
internal sealed class BenchmarkGate : GateKind
{
    private const double MostRegression = 100;
    private static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal) { ["lower"] = false, ["higher"] = true };
    private static readonly Dictionary<string, bool> Updates = new(StringComparer.Ordinal) { ["never"] = false, ["on-pass"] = true };

    /// <summary>The keys under <c>benchmark</c>.</summary>
    public static KeyTable<BenchmarkDraft> Details { get; } = new(
        "benchmark",
        "'benchmark'",
        "Measurements and the baseline that they are compared with.",
        new("report", "The measurements: JSON of skep-bench, or BenchmarkDotNet's full JSON report.", Shapes.Text, static (b, d, n) => d.Report = Template(b, n, "report"), IsRequired: true),
        new("baseline", "Name of the baseline, kept as .skep/baselines/NAME.json, or a path of a .json file. The first pass makes it.", Shapes.Text, static (b, d, n) => d.Baseline = Baseline(b, n), IsRequired: true),
        new("metric", "Names of the benchmarks that are compared, as a glob; all unless stated.", Shapes.Text, static (b, d, n) => d.Metric = b.Text(n, "metric")),
        new("direction", "Which values are better; 'lower' unless stated.", Shapes.Enum(Directions.Keys), static (b, d, n) => d.HigherIsBetter = b.OneOf(n, "direction", Directions) ?? false),
        new("max_regression", "How much worse is still accepted; 10% unless stated.", new AnyOfShape(Shapes.Number(0, MostRegression), new TextShape(@"^[0-9]+(\.[0-9]+)?%$")), static (b, d, n) => d.MaxRegression = b.Number(n, "max_regression", 0, MostRegression, allowPercent: true) ?? d.MaxRegression),
        new("samples", "Fewest samples of each benchmark, on either side; 10 unless stated.", Shapes.Int(BenchmarkCheck.FewestSamples, BenchmarkCheck.MostSamples), static (b, d, n) => d.Samples = b.Int32(n, "samples", BenchmarkCheck.FewestSamples, BenchmarkCheck.MostSamples) ?? d.Samples),
        new("update", "Whether a pass replaces the baseline; 'never' unless stated.", Shapes.Enum(Updates.Keys), static (b, d, n) => d.UpdateOnPass = b.OneOf(n, "update", Updates) ?? false));

    /// <inheritdoc />
    public override string Mark => "benchmark";

    /// <inheritdoc />
    public override IEnumerable<IKeyTable> Tables => [Keys, Details];

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "benchmarkGate",
        "a benchmark gate",
        "A check that nothing became slower than a baseline, beyond doubt and by more than is accepted.",
        new("benchmark", "Measurements and baseline.", new RefShape("benchmark"), static (b, d, n) => d.Benchmark = Read(b, n), IsRequired: true),
        Cwd,
        Timeout);

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate) =>
        draft.Benchmark is { } check ? gate with { Kind = GateKinds.Benchmark, Benchmark = check, Cwd = draft.Cwd, Timeout = draft.Timeout } : null;

    private static BenchmarkCheck? Read(Binder binder, YamlNode node)
    {
        var d = new BenchmarkDraft();
        if (!Details.Bind(binder, node, d) || d.Report is not { } report || d.Baseline is not { } baseline) return null;
        return new BenchmarkCheck
        {
            Report = report, Baseline = baseline, Metric = d.Metric, HigherIsBetter = d.HigherIsBetter,
            MaxRegression = d.MaxRegression, Samples = d.Samples, UpdateOnPass = d.UpdateOnPass,
        };
    }

    private static string? Template(Binder binder, YamlNode node, string key) =>
        binder.Text(node, key) is { } text ? binder.Template((YamlScalar)node, text) : null;

    /// <summary>A name is checked here; what expressions yield is checked when it is known.</summary>
    private static string? Baseline(Binder binder, YamlNode node)
    {
        if (Template(binder, node, "baseline") is not { } text) return null;
        if (text.EndsWith(".json", StringComparison.Ordinal) || Expressions.Template.MayHoldExpressions(text) || Identifier.IsValid(text)) return text;
        binder.Error(DiagnosticCodes.BadValue, node.Span, $"'{DiagnosticBag.OneLine(text)}' names no baseline; use a name of letters, digits, '_' and '-' (at most 64), or a path that ends in .json", text);
        return null;
    }
}

/// <summary>A benchmark check while it is read.</summary>
internal sealed class BenchmarkDraft
{
    public string? Report { get; set; }

    public string? Baseline { get; set; }

    public string? Metric { get; set; }

    public bool HigherIsBetter { get; set; }

    public double MaxRegression { get; set; } = 0.1;

    public int Samples { get; set; } = 10;

    public bool UpdateOnPass { get; set; }
}
