using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>
/// How one kind of gate is written. A further kind is one more subclass and one entry in <see cref="GateReader.Kinds"/>: the key that
/// marks it, its other keys, and what they make of the gate.
/// </summary>
internal abstract class GateKind
{
    private static readonly Key<GateDraft>[] Common =
    [
        new("id", "Identifier, unique among gates; made from the phase unless stated.", Shapes.Id, static (b, d, n) => (d.Id, d.At) = (b.Id(n, "id"), n.Span)),
        new("title", "What it checks, in words.", Shapes.Text, static (b, d, n) => d.Title = b.Text(n, "title")),
        new("needs", "Tasks that it waits for; all tasks of its phase unless stated.", Shapes.Needs, static (b, d, n) => d.Needs = b.Needs(n)),
        new("planned", "Whether what it checks with does not exist yet; a run passes over it and says so.", Shapes.Bool, static (b, d, n) => d.Planned = b.Bool(n, "planned") ?? false),
    ];

    /// <summary>The key that marks this kind.</summary>
    public abstract string Mark { get; }

    /// <summary>All keys of this kind.</summary>
    public abstract KeyTable<GateDraft> Keys { get; }

    /// <summary>The tables of this kind, for the schema: its own keys, and those of mappings below them.</summary>
    public virtual IEnumerable<IKeyTable> Tables => [Keys];

    /// <summary>Completes the gate; null when errors have been reported.</summary>
    public abstract GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate);

    /// <summary>Where relative paths begin.</summary>
    protected static Key<GateDraft> Cwd { get; } = new("cwd", "Working directory, relative to the workspace.", Shapes.Text, static (b, d, n) => d.Cwd = b.Text(n, "cwd") is { } text ? b.Template((YamlScalar)n, text) : null);

    /// <summary>Limit of the check.</summary>
    protected static Key<GateDraft> Timeout { get; } = new("timeout", "Wall-clock limit.", Shapes.Duration, static (b, d, n) => d.Timeout = b.Duration(n, "timeout"));

    /// <summary>Makes the table of a kind: its own keys and those of every gate.</summary>
    protected static KeyTable<GateDraft> Table(string name, string label, string description, params Key<GateDraft>[] own) =>
        new(name, label, description, [.. own, .. Common]);
}

/// <summary>A gate while it is read.</summary>
internal sealed class GateDraft
{
    public string? Id { get; set; }

    public SourceSpan At { get; set; }

    public string? Title { get; set; }

    public IReadOnlyList<Need> Needs { get; set; } = [];

    public bool Planned { get; set; }

    public YamlNode? Run { get; set; }

    public bool Shell { get; set; }

    public string? Cwd { get; set; }

    public IReadOnlyDictionary<string, string> Env { get; set; } = new Dictionary<string, string>();

    public TimeSpan? Timeout { get; set; }

    public YamlScalar? Metric { get; set; }

    public IReadOnlyList<string>? Paths { get; set; }

    public long MinBytes { get; set; } = 1;

    public bool All { get; set; } = true;

    public CoverageCheck? Coverage { get; set; }

    public BenchmarkCheck? Benchmark { get; set; }

    public YamlNode? Approval { get; set; }

    public ApprovalDraft ApprovalDraft { get; } = new();

    public List<(YamlNode Node, Comparison Op, double Value)> Bounds { get; } = [];
}
