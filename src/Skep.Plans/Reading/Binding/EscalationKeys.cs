using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reads escalation paths: names of concerns, each with those to turn to.</summary>
internal static class EscalationKeys
{
    /// <summary>Reads the mapping of paths.</summary>
    public static IReadOnlyList<EscalationPath> ReadAll(Binder binder, YamlNode node)
    {
        var paths = new List<EscalationPath>();
        foreach (var (key, value) in binder.Map(node, "escalation", "{ CONCERN: [agent, agent] }") ?? [])
        {
            var steps = binder.LiteralList(value, "escalation");
            if (value is YamlSequence { Items.Count: 0 })
                binder.Error(DiagnosticCodes.NothingToDo, value.Span, $"escalation path '{key.Value}' leads to nobody; name at least one agent, team or person", key.Value);
            paths.Add(new EscalationPath(binder.Id(key, "escalation") ?? "", steps, key.Span));
        }

        return paths;
    }
}
