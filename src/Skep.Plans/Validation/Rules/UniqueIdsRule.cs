namespace Skep.Plans.Validation.Rules;

/// <summary>Tasks and phases share one set of ids, agents and teams another, gates a third.</summary>
internal sealed class UniqueIdsRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var work = new Names(context);
        foreach (var phase in context.Plan.Phases)
        {
            work.Add("phase", phase.Id, phase.At);
            foreach (var task in phase.Tasks) work.Add("task", task.Id, task.At);
        }

        var workers = new Names(context);
        foreach (var agent in context.Plan.Agents) workers.Add("agent", agent.Id, agent.At);
        foreach (var team in context.Plan.Teams) workers.Add("team", team.Id, team.At);

        var gates = new Names(context);
        foreach (var gate in context.Gates) gates.Add("gate", gate.Id, gate.At);
    }

    private sealed class Names(ValidationContext context)
    {
        private readonly Dictionary<string, (string Kind, SourceSpan At)> _known = new(StringComparer.Ordinal);

        public void Add(string kind, string id, SourceSpan at)
        {
            if (_known.TryAdd(id, (kind, at))) return;
            var (firstKind, firstAt) = _known[id];
            context.Bag.Error(DiagnosticCodes.DuplicateId, at, $"{kind} '{id}' has the same id as the {firstKind} at {firstAt}; give one of them another id", id);
        }
    }
}
