using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The metrics that an agent promises: <c>{ accuracy: ">= 0.9" }</c>, or a list of comparisons as in gates.</summary>
internal static class PromiseKeys
{
    private const int MaxPromises = 100;

    public static Shape Shape { get; } = new AnyOfShape(new MapShape(Shapes.Text), Shapes.TextList);

    public static IReadOnlyList<MetricCheck> Read(Binder binder, YamlNode node)
    {
        var checks = new List<MetricCheck>();
        if (node is YamlMapping mapping)
            foreach (var (name, bound) in mapping.Entries) Add(checks, ReadBound(binder, name, bound));
        else
            foreach (var item in node is YamlSequence list ? list.Items : [node])
                if (binder.Text(item, "promises") is not null) Add(checks, MetricGate.ReadComparison(binder, (YamlScalar)item));
        if (checks.Count <= MaxPromises) return checks;
        binder.Error(DiagnosticCodes.TooLarge, node.Span, $"'promises' has {checks.Count:N0} metrics; at most {MaxPromises} are allowed");
        return [];
    }

    private static MetricCheck? ReadBound(Binder binder, YamlScalar name, YamlNode bound)
    {
        if (!ConditionText.IsMetricName(name.Value))
        {
            binder.Error(DiagnosticCodes.BadValue, name.Span, $"'{DiagnosticBag.OneLine(name.Value)}' is no name of a metric; use letters, digits and '_', '.', '-'", name.Value);
            return null;
        }

        if (binder.Text(bound, name.Value) is not { } text) return null;
        try
        {
            return ConditionText.Metric($"{name.Value} {text}");
        }
        catch (FormatException e)
        {
            binder.Error(DiagnosticCodes.BadValue, bound.Span, $"the promise of '{name.Value}' is no comparison: {e.Message}; write for example {name.Value}: \">= 0.9\"", text);
            return null;
        }
    }

    private static void Add(List<MetricCheck> checks, MetricCheck? check)
    {
        if (check is not null) checks.Add(check);
    }
}
