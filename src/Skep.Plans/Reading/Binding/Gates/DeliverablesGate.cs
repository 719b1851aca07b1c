using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that looks for files.</summary>
internal sealed class DeliverablesGate : GateKind
{
    /// <inheritdoc />
    public override string Mark => "deliverables";

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "deliverablesGate",
        "a deliverables gate",
        "Files that must exist and not be empty; the evidence holds their sizes and hashes.",
        new("deliverables", "Paths or globs, relative to the working directory, or below ${run.dir}, ${run.workspace} or ${plan.dir}.", Shapes.TextList, static (b, d, n) => d.Paths = b.Templates(n, "deliverables"), IsRequired: true),
        new("min_bytes", "Smallest size of each file; 1 unless stated.", Shapes.Size, static (b, d, n) => d.MinBytes = b.Size(n, "min_bytes") ?? 1),
        new("all", "Whether every path must be there (unless stated), or one of them is enough.", Shapes.Bool, static (b, d, n) => d.All = b.Bool(n, "all") ?? true),
        Cwd,
        Timeout);

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate)
    {
        if (draft.Paths is not { Count: > 0 and <= DeliverablesCheck.MaxPaths } paths)
        {
            if (draft.Paths is not null) binder.Error(DiagnosticCodes.BadValue, gate.At, $"'deliverables' must name 1 to {DeliverablesCheck.MaxPaths} files, not {draft.Paths.Count}; a glob such as 'out/**' names many");
            return null;
        }

        return gate with { Kind = GateKinds.Deliverables, Deliverables = new DeliverablesCheck(paths, draft.MinBytes, draft.All), Cwd = draft.Cwd, Timeout = draft.Timeout };
    }
}
