namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that is only planned, and of which no kind is known yet: a title says what it will check.</summary>
internal sealed class PlannedGate : GateKind
{
    /// <inheritdoc />
    public override string Mark => "planned";

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table("plannedGate", "a planned gate", "A check that does not exist yet.");

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate)
    {
        if (draft.Planned) return gate with { Kind = GateKinds.Planned };
        binder.Error(DiagnosticCodes.MissingKey, gate.At, $"a gate that is not planned needs one of the keys {string.Join(", ", GateReader.Kinds.Select(k => $"'{k.Mark}'"))}");
        return null;
    }
}
