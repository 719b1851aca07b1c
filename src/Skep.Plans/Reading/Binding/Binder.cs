using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Turns nodes into the plan model. It goes on after an error, so that all of them are reported at once.</summary>
internal sealed partial class Binder(DiagnosticBag bag)
{
    private readonly DiagnosticBag _bag = bag;

    /// <summary>Where the parts of the plan stand, and the expressions found in them.</summary>
    public PlanSources Sources { get; } = new();

    /// <summary>The part of the plan that is being read; expressions found now belong to it.</summary>
    public Owner Owner { get; set; } = Owner.Swarm;

    /// <summary>What a day and a week mean in estimates.</summary>
    public WorkCalendar Calendar { get; set; } = WorkCalendar.Clock;

    /// <summary>Reads a document.</summary>
    public Plan Plan(YamlNode root)
    {
        var draft = new PlanDraft();
        return PlanKeys.Table.Bind(this, root, draft) ? draft.ToPlan(this) : new Plan { Name = "" };
    }

    /// <summary>Reports an error.</summary>
    public void Error(string code, SourceSpan at, string message, string? offender = null) => _bag.Error(code, at, message, offender);

    /// <summary>Reports a warning.</summary>
    public void Warning(string code, SourceSpan at, string message, string? offender = null) => _bag.Warning(code, at, message, offender);

    /// <summary>Reports a value of the wrong type: what is expected, and what is there.</summary>
    public void WrongType(YamlNode node, string expectation) =>
        Error(DiagnosticCodes.BadValue, node.Span, $"{expectation}, not {node.Describe()}", (node as YamlScalar)?.Value);

    private void OutOfRange(YamlScalar scalar, string message) => Error(DiagnosticCodes.OutOfRange, scalar.Span, message, scalar.Value);
}
