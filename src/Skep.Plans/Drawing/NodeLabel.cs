namespace Skep.Plans.Drawing;

/// <summary>What stands on a node and in its tooltip.</summary>
internal static class NodeLabel
{
    public static string Of(GraphNode node) => PlainText.Clean(node.Task?.Title ?? node.Gate?.Title ?? node.Id);

    public static string Of(Phase phase) => PlainText.Clean(phase.Title ?? phase.Id);

    public static string Tooltip(GraphNode node, string? state, WorkCalendar? calendar)
    {
        var parts = new List<string> { node.Id };
        if (node.Task?.Title is { } title) parts.Add(title);
        if (node.Task?.Agent is { } agent) parts.Add($"agent {agent}");
        if (node.Gate is { } gate) parts.Add(gate.Metric is { } metric ? $"gate {metric}" : $"gate {gate.Kind}");
        if (node.Task?.Estimate is { } estimate) parts.Add($"estimate {DurationText.FormatWork(estimate, calendar)}");
        if (node.IsPlanned) parts.Add("planned");
        if (state is not null) parts.Add(state);
        return string.Join(" · ", parts);
    }
}
