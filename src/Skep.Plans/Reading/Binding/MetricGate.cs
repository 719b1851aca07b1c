using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that compares a metric with a number: <c>coverage &gt;= 85</c>, or <c>metric</c> with one of the bounds.</summary>
internal sealed class MetricGate : GateKind
{
    /// <inheritdoc />
    public override string Mark => "metric";

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "metricGate",
        "a metric gate",
        "A check of a metric against a number.",
        new("metric", "Name of the metric, or the whole comparison: 'coverage >= 85'.", Shapes.Text, static (b, d, n) => d.Metric = b.Text(n, "metric") is null ? null : (YamlScalar)n, IsRequired: true),
        Bound("at_least", Comparison.AtLeast),
        Bound("at_most", Comparison.AtMost),
        Bound("above", Comparison.Greater),
        Bound("below", Comparison.Less),
        Bound("equals", Comparison.Equal));

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate)
    {
        if (draft.Metric is not { } metric) return null;
        var check = draft.Bounds.Count == 0 ? ReadComparison(binder, metric) : WithBound(binder, metric, draft);
        return check is null ? null : gate with { Kind = GateKinds.Metric, Metric = check };
    }

    /// <summary>Reads a comparison written as one text.</summary>
    public static MetricCheck? ReadComparison(Binder binder, YamlScalar scalar)
    {
        try
        {
            return ConditionText.Metric(scalar.Value);
        }
        catch (FormatException e)
        {
            binder.Error(DiagnosticCodes.BadValue, scalar.Span, $"this is no check of a metric: {e.Message}", scalar.Value);
            return null;
        }
    }

    private static MetricCheck? WithBound(Binder binder, YamlScalar metric, GateDraft draft)
    {
        if (draft.Bounds.Count > 1)
            binder.Error(DiagnosticCodes.ConflictingKeys, draft.Bounds[1].Node.Span, "a metric gate has one bound; write a second gate for the second bound");
        if (ConditionText.IsMetricName(metric.Value)) return new MetricCheck(metric.Value, draft.Bounds[0].Op, draft.Bounds[0].Value);
        binder.Error(DiagnosticCodes.BadValue, metric.Span, $"'{DiagnosticBag.OneLine(metric.Value)}' is no name of a metric; with a bound of its own the gate names the metric alone", metric.Value);
        return null;
    }

    private static Key<GateDraft> Bound(string name, Comparison op) => new(
        name,
        $"The metric must be {MetricCheck.Symbol(op)} this number.",
        Shapes.Number(double.MinValue, double.MaxValue),
        (b, d, n) => d.Bounds.Add((n, op, b.Number(n, name, double.MinValue, double.MaxValue) ?? 0)));
}
