namespace Skep.Plans.Validation.Rules;

/// <summary>No task or phase waits for itself by way of others.</summary>
internal sealed class CyclesRule : IPlanRule
{
    private const int MaxShown = 12;

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var cycle in context.Search.Cycles)
        {
            var names = Names(context.Order, cycle);
            context.Bag.Error(DiagnosticCodes.Cycle, Position(context, names), $"these wait for each other: {Path(names)}; remove one of the needs", names[0]);
        }
    }

    /// <summary>The ids along a cycle, beginning with the node that stands first in the file; neighbouring nodes of one phase count once.</summary>
    private static List<string> Names(OrderGraph graph, int[] cycle)
    {
        var names = new List<string>(cycle.Length);
        var first = Array.IndexOf(cycle, cycle.Min());
        for (var i = 0; i < cycle.Length; i++)
        {
            var name = graph.Name(cycle[(first + i) % cycle.Length]);
            if (names.Count == 0 || names[^1] != name) names.Add(name);
        }

        if (names.Count > 1 && names[^1] == names[0]) names.RemoveAt(names.Count - 1);
        return names;
    }

    private static string Path(List<string> names)
    {
        var shown = names.Count <= MaxShown
            ? names
            : [.. names.Take(MaxShown - 2), $"({names.Count - MaxShown + 1:N0} more)", names[^1]];
        return $"{string.Join(" -> ", shown)} -> {names[0]}";
    }

    /// <summary>The need that leads from the first to the second.</summary>
    private static SourceSpan Position(ValidationContext context, List<string> names)
    {
        var next = names[1 % names.Count];
        if (context.TaskIndex.TryGetValue(names[0], out var task))
            return Find(context.Tasks[task].Needs, next) ?? context.Tasks[task].At;
        if (!context.PhaseIndex.TryGetValue(names[0], out var phase)) return default;
        return Find(context.Plan.Phases[phase].Needs, next) ?? context.Plan.Phases[phase].At;
    }

    private static SourceSpan? Find(IReadOnlyList<Need> needs, string id)
    {
        foreach (var need in needs)
            if (need.Id == id) return need.At;
        return null;
    }
}
