using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reads gates of all kinds.</summary>
internal static class GateReader
{
    private static readonly PlannedGate Planned = new();

    /// <summary>The kinds that plans may use, each with a key of its own that marks it.</summary>
    public static IReadOnlyList<GateKind> Kinds { get; } = [new MetricGate(), new CommandGate(), new DeliverablesGate(), new CoverageGate(), new BenchmarkGate(), new ApproveGate()];

    /// <summary>All forms of a gate: the kinds, and the gate without one that is only planned.</summary>
    public static IEnumerable<GateKind> Forms => Kinds.Append(Planned);

    /// <summary>Reads a gate; null when errors have been reported.</summary>
    /// <param name="binder">The binder.</param>
    /// <param name="node">A mapping, or a comparison as text.</param>
    /// <param name="phase">Id of its phase.</param>
    /// <param name="number">Its number in the phase, from 1; names it when it has no id.</param>
    public static GateSpec? Read(Binder binder, YamlNode node, string phase, int number)
    {
        var gate = new GateSpec { Id = $"{phase}.gate-{number}", Phase = phase, Kind = GateKinds.Metric, At = node.Span };
        binder.Owner = new Owner(OwnerKind.Gate, binder.Sources.Gates.Count);
        var references = binder.Sources.References.Count;
        var read = node switch
        {
            YamlScalar { IsNull: false } text => MetricGate.ReadComparison(binder, text) is { } check ? gate with { Metric = check } : null,
            YamlMapping mapping => Mapping(binder, mapping, gate),
            _ => NoGate(binder, node),
        };
        if (read is not null) binder.Sources.Gates.Add(node as YamlMapping);
        else binder.Sources.References.RemoveRange(references, binder.Sources.References.Count - references);
        return read;
    }

    private static GateSpec? Mapping(Binder binder, YamlMapping node, GateSpec gate)
    {
        var kinds = Kinds.Where(k => node.Find(k.Mark) is not null).ToList();
        if (kinds.Count == 0 && node.Find(Planned.Mark) is not null) kinds.Add(Planned);
        if (kinds.Count == 0)
        {
            // With no mark of a kind it is unknown which keys are meant; a slip in the mark itself is the likely reason.
            binder.Error(DiagnosticCodes.MissingKey, node.Span, $"a gate needs one of the keys {string.Join(", ", Kinds.Select(k => $"'{k.Mark}'"))}{Slip(node)}");
            return null;
        }

        if (kinds.Count > 1)
        {
            binder.Error(DiagnosticCodes.ConflictingKeys, node.Span, $"a gate is of one kind, but has {string.Join(" and ", kinds.Select(k => $"'{k.Mark}'"))}; write one gate for each");
            return null;
        }

        var draft = new GateDraft { At = node.Span };
        kinds[0].Keys.Bind(binder, node, draft);
        return kinds[0].Finish(binder, draft, gate with { Id = draft.Id ?? gate.Id, Title = draft.Title, Needs = draft.Needs, Planned = draft.Planned, At = draft.At });
    }

    private static string Slip(YamlMapping node)
    {
        foreach (var (key, _) in node.Entries)
            if (Suggestion.For(key.Value, Kinds.Select(k => k.Mark)) is { } close) return $"; did you mean '{close}' instead of '{DiagnosticBag.OneLine(key.Value)}'?";
        return "";
    }

    private static GateSpec? NoGate(Binder binder, YamlNode node)
    {
        binder.WrongType(node, "a gate must be a mapping with 'metric', 'run' or another kind's key, or a text such as 'coverage >= 85'");
        return null;
    }
}
