using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that reads coverage reports.</summary>
internal sealed class CoverageGate : GateKind
{
    /// <summary>The keys under <c>coverage</c>.</summary>
    public static KeyTable<CoverageDraft> Details { get; } = new(
        "coverage",
        "'coverage'",
        "Reports in Cobertura's XML format and the least shares that must be covered, in per cent.",
        new("report", "Paths or globs of the reports; lines hit in any of them are covered.", Shapes.TextList, static (b, d, n) => d.Reports = b.Templates(n, "report"), IsRequired: true),
        Share("line", "Least share of lines, over all files."),
        Share("branch", "Least share of branches, over all files."),
        new("paths", "Thresholds of their own for the files that a glob matches.", new MapShape(new RefShape("coveragePath")), static (b, d, n) => d.Paths = Paths(b, n)));

    /// <summary>The keys of an entry of <c>paths</c>.</summary>
    public static KeyTable<CoverageDraft> PathDetails { get; } = new(
        "coveragePath",
        "an entry of 'paths'",
        "Least shares over the files that the glob matches, in per cent.",
        Share("line", "Least share of lines."),
        Share("branch", "Least share of branches."));

    /// <inheritdoc />
    public override string Mark => "coverage";

    /// <inheritdoc />
    public override IEnumerable<IKeyTable> Tables => [Keys, Details, PathDetails];

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "coverageGate",
        "a coverage gate",
        "A check of test coverage, from Cobertura XML.",
        new("coverage", "Reports and thresholds.", new RefShape("coverage"), static (b, d, n) => d.Coverage = Read(b, n), IsRequired: true),
        Cwd,
        Timeout);

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate) =>
        draft.Coverage is { } check ? gate with { Kind = GateKinds.Coverage, Coverage = check, Cwd = draft.Cwd, Timeout = draft.Timeout } : null;

    private static CoverageCheck? Read(Binder binder, YamlNode node)
    {
        var draft = new CoverageDraft();
        if (!Details.Bind(binder, node, draft) || draft.Reports.Count == 0) return null;
        if (draft.Line is not null || draft.Branch is not null || draft.Paths.Count > 0)
            return new CoverageCheck(draft.Reports, new CoverageThreshold(draft.Line, draft.Branch), draft.Paths);
        if (!HasThreshold(node)) binder.Error(DiagnosticCodes.MissingKey, node.Span, "'coverage' has no threshold; give 'line', 'branch' or 'paths'");
        return null;
    }

    private static List<PathCoverage> Paths(Binder binder, YamlNode node)
    {
        var paths = new List<PathCoverage>();
        foreach (var (key, value) in binder.Map(node, "paths", "{ \"src/**\": { line: 90 } }") ?? [])
        {
            var draft = new CoverageDraft();
            if (GlobProblem(key.Value) is { } problem) binder.Error(DiagnosticCodes.BadPath, key.Span, $"'{DiagnosticBag.OneLine(key.Value)}' is no glob: {problem}", key.Value);
            if (!PathDetails.Bind(binder, value, draft)) continue;
            if (!HasThreshold(value)) binder.Error(DiagnosticCodes.MissingKey, key.Span, $"'{DiagnosticBag.OneLine(key.Value)}' has no threshold; give 'line' or 'branch'", key.Value);
            paths.Add(new PathCoverage(Glob.Normalise(key.Value), new CoverageThreshold(draft.Line, draft.Branch)));
        }

        if (paths.Count > CoverageCheck.MaxPaths) binder.Error(DiagnosticCodes.OutOfRange, node.Span, $"'paths' has {paths.Count} globs; at most {CoverageCheck.MaxPaths} are checked");
        return paths;
    }

    /// <summary>Whether one is written; a wrong one has been reported by itself.</summary>
    private static bool HasThreshold(YamlNode node) => node is YamlMapping map && (map.Find("line") ?? map.Find("branch") ?? map.Find("paths")) is not null;

    private static string? GlobProblem(string glob) =>
        string.IsNullOrWhiteSpace(glob) ? "it is empty"
        : glob.Length > Glob.MaxLength ? $"a glob has at most {Glob.MaxLength:N0} characters"
        : glob[0] == '/' || glob.Split('/').Contains("..") ? "write it relative to the workspace, without '..'"
        : glob.AsSpan().IndexOfAny('{', '}', '\\') >= 0 ? "braces and backslashes are no wildcards; list the globs one by one"
        : glob.EndsWith('/') ? $"a glob names files; write '{glob}**' for all files below the folder"
        : null;

    private static Key<CoverageDraft> Share(string name, string description) => new(
        name,
        description,
        Shapes.Number(0, 100),
        (b, d, n) =>
        {
            var value = b.Number(n, name, 0, 100);
            if (name == "line") d.Line = value;
            else d.Branch = value;
        });
}

/// <summary>A coverage check while it is read.</summary>
internal sealed class CoverageDraft
{
    public IReadOnlyList<string> Reports { get; set; } = [];

    public double? Line { get; set; }

    public double? Branch { get; set; }

    public IReadOnlyList<PathCoverage> Paths { get; set; } = [];
}
