using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Tasks, teams and committees name agents that exist, and a committee is large enough.</summary>
internal sealed class AgentsRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        string[] all = [.. context.AgentIndex.Keys, .. context.TeamIndex.Keys];
        for (var i = 0; i < context.Tasks.Count; i++)
            if (context.Tasks[i].Agent is { } agent && !context.AgentIndex.ContainsKey(agent) && !context.TeamIndex.ContainsKey(agent))
                Unknown(context, "agent", agent, all, context.TaskAt(i, "agent"));
        foreach (var team in context.Plan.Teams)
        {
            // A team is written as a list or a mapping; its own position serves both.
            if (team.Lead is { } lead && !context.AgentIndex.ContainsKey(lead)) Unknown(context, "lead", lead, context.AgentIndex.Keys, team.At);
            foreach (var member in team.Members)
                if (!context.AgentIndex.ContainsKey(member)) Unknown(context, "member", member, context.AgentIndex.Keys, team.At);
        }

        if (context.Plan.Swarm.Committee is { } committee) CheckCommittee(context, committee);
    }

    private static void CheckCommittee(ValidationContext context, CommitteeSpec committee)
    {
        var at = PlanSources.At(context.Sources.Swarm, "committee", default);
        foreach (var member in committee.Members)
            if (!context.AgentIndex.ContainsKey(member)) Unknown(context, "committee member", member, context.AgentIndex.Keys, at);
        if (committee.Members.Count == 0) return;
        long voters = 0;
        foreach (var member in committee.Members)
            voters += context.AgentIndex.TryGetValue(member, out var i) && context.Plan.Agents[i].Replicas is { } replicas ? replicas : context.Plan.Swarm.MaxAgents;
        var needed = (committee.Protocol == "pbft" ? 3 : 2) * committee.Tolerate + 1;
        if (voters < needed)
            context.Bag.Error(DiagnosticCodes.CommitteeTooSmall, at, $"{committee.Protocol} needs {needed} voters to tolerate {committee.Tolerate} faulty ones, but its members have {voters} replicas in all; add members or replicas, or lower 'tolerate'");
    }

    private static void Unknown(ValidationContext context, string what, string id, IReadOnlyCollection<string> known, SourceSpan at) =>
        context.Bag.Error(DiagnosticCodes.UnknownAgent, at, $"unknown {what} '{DiagnosticBag.OneLine(id)}'; {Suggestion.Hint(id, known, "agents in this plan")}", id);
}
