namespace Skep.Plans.Validation.Rules;

/// <summary>Agents, teams, protocols and variables that nothing uses are probably slips.</summary>
internal sealed class UnusedRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        // Beside errors such hints only distract: what is used cannot be known before references are right.
        if (context.Bag.HasErrors) return;
        var used = context.Tasks.Where(t => t.Agent is not null).Select(t => t.Agent!).ToHashSet(StringComparer.Ordinal);
        foreach (var team in context.Plan.Teams)
        {
            // A team whose members have tasks of their own says who belongs together.
            if (!used.Contains(team.Id) && !team.Members.Any(used.Contains)) Warn(context, team.At, "team", team.Id, "no task is given to it or its members");
        }

        foreach (var team in context.Plan.Teams)
        {
            used.UnionWith(team.Members);
            if (team.Lead is { } lead) used.Add(lead);
        }

        used.UnionWith(context.Plan.Agents.SelectMany(a => a.Proposes));
        used.UnionWith(context.Plan.Phases.SelectMany(p => p.Leads));
        used.UnionWith(context.Plan.Escalation.SelectMany(e => e.Steps));
        if (context.Plan.Swarm.Coordinator is { } coordinator) used.Add(coordinator);

        var committee = context.Plan.Swarm.Committee;
        used.UnionWith(committee?.Members ?? []);
        if (committee is not { Members.Count: 0 })
            foreach (var agent in context.Plan.Agents)
                if (!used.Contains(agent.Id)) Warn(context, agent.At, "agent", agent.Id, "no task is given to it");

        var followed = context.Plan.Agents.SelectMany(a => a.Protocols).ToHashSet(StringComparer.Ordinal);
        foreach (var protocol in context.Plan.Protocols)
            if (!followed.Contains(protocol.Id)) Warn(context, protocol.At, "protocol", protocol.Id, "no agent follows it");

        var variables = context.Sources.References.Where(r => r.Path is ["vars", _, ..]).Select(r => r.Path[1]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in context.Sources.Vars)
            if (!variables.Contains(name.Value)) Warn(context, name.Span, "variable", name.Value, "no expression names it");
    }

    private static void Warn(ValidationContext context, SourceSpan at, string kind, string id, string why) =>
        context.Bag.Warning(DiagnosticCodes.Unused, at, $"{kind} '{id}' is not used: {why}; remove it or use it", id);
}
