using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;

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
        for (var i = 0; i < context.Plan.Agents.Count; i++)
            for (var n = 0; n < context.Plan.Agents[i].Proposes.Count; n++)
                if (context.Plan.Agents[i].Proposes[n] is var proposed && !context.AgentIndex.ContainsKey(proposed) && !context.TeamIndex.ContainsKey(proposed))
                    Unknown(context, "agent", proposed, all, PlanSources.At(context.Sources.Agents[i], "proposes", n, context.Plan.Agents[i].At));
        for (var i = 0; i < context.Plan.Teams.Count; i++) CheckTeam(context, context.Plan.Teams[i], context.Sources.Teams[i]);
        if (context.Plan.Swarm.Committee is { } committee) CheckCommittee(context, committee);
    }

    private static void CheckTeam(ValidationContext context, Team team, YamlNode source)
    {
        if (team.Lead is { } lead && !context.AgentIndex.ContainsKey(lead))
            Unknown(context, "lead", lead, context.AgentIndex.Keys, PlanSources.At(source as YamlMapping, "lead", team.At));
        for (var i = 0; i < team.Members.Count; i++)
        {
            if (context.AgentIndex.ContainsKey(team.Members[i])) continue;
            var at = source is YamlSequence list && i < list.Items.Count ? list.Items[i].Span : PlanSources.At(source as YamlMapping, "members", i, team.At);
            Unknown(context, "member", team.Members[i], context.AgentIndex.Keys, at);
        }
    }

    private static void CheckCommittee(ValidationContext context, CommitteeSpec committee)
    {
        var at = PlanSources.At(context.Sources.Swarm, "committee", default);
        var source = context.Sources.Swarm?.Find("committee") as YamlMapping;
        for (var i = 0; i < committee.Members.Count; i++)
            if (!context.AgentIndex.ContainsKey(committee.Members[i]))
                Unknown(context, "committee member", committee.Members[i], context.AgentIndex.Keys, PlanSources.At(source, "members", i, at));
        if (committee.Members.Count == 0) return;
        long voters = 0;
        foreach (var member in committee.Members)
            voters += context.AgentIndex.TryGetValue(member, out var i) && context.Plan.Agents[i].Replicas is { } replicas ? replicas : context.Plan.Swarm.MaxAgents;
        var needed = (committee.Protocol == "pbft" ? 3 : 2) * committee.Tolerate + 1;
        if (voters < needed)
            context.Bag.Error(DiagnosticCodes.CommitteeTooSmall, at, $"{committee.Protocol} needs {needed} voters to tolerate {committee.Tolerate} faulty ones, but its members have {voters} replicas in all; add members or replicas, or lower 'tolerate'");
    }

    private static void Unknown(ValidationContext context, string what, string id, IReadOnlyCollection<string> known, SourceSpan at)
    {
        if (context.Bag.IsFull) return;
        context.Bag.Error(DiagnosticCodes.UnknownAgent, at, $"unknown {what} '{DiagnosticBag.OneLine(id)}'; {Suggestion.Hint(id, known, "agents in this plan")}", id);
    }
}
