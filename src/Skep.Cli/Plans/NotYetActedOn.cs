using Skep.Agents.Planning;

namespace Skep.Cli.Plans;

/// <summary>
/// What the plan language can say and this version does not act on yet. Saying nothing would make a plan look safer than it is:
/// a hook that never runs, a rollback that never comes.
/// </summary>
internal static class NotYetActedOn
{
    /// <summary>One sentence per feature that the plan declares in vain.</summary>
    public static IReadOnlyList<string> In(Plan plan)
    {
        var found = new List<string>();
        void Say(bool declared, string what) => Add(found, declared, what);
        var hooks = plan.AllHooks.Where(h => !h.Planned && h.On is (HookEvents.Adapt or HookEvents.Rollback or HookEvents.Checkpoint)).ToList();
        Say(hooks.Count > 0, $"hooks ({string.Join(", ", hooks.Select(h => h.On).Distinct())}): nothing raises these events, so their commands do not run");
        Say(plan.Triggers.Count > 0, $"triggers ({string.Join(", ", plan.Triggers.Select(t => t.Do).Distinct())}): their conditions are not watched");
        Say(plan.Escalation.Count > 0, $"escalation ({Names(plan.Escalation.Select(e => e.Id))}): nobody is called");
        Say(plan.Risks.Count > 0, $"risks ({Names(plan.Risks.Select(r => r.Id))}): written down, not watched");
        Say(plan.Swarm.Coordinator is not null, $"swarm.coordinator {plan.Swarm.Coordinator}: the queen coordinates");
        Say(plan.Phases.Any(p => p.Leads.Count > 0), $"phases' leads ({Names(plan.Phases.Where(p => p.Leads.Count > 0).Select(p => p.Id))}): who answers for a phase is written down only");
        Say(plan.Swarm.Committee is not null, "swarm.committee: no votes are held");
        var promising = plan.Agents.Where(a => a.Promises.Count > 0).ToList();
        Say(promising.Count > 0, $"promises ({Names(promising.Select(a => a.Id))}): written down, not measured; a metric gate checks");
        var budgets = IdleBudgets(plan);
        Say(budgets.Count > 0, $"budgets of phases, agents and tasks ({Names(budgets)}): they count the calls of chat agents, not what commands report");
        Say(plan.Swarm.Topology != Topology.Hierarchical && !GoalModes.Holds(plan), $"swarm.topology {plan.Swarm.Topology.ToString().ToLowerInvariant()}: the queen assigns all work, as in 'hierarchical'");
        Say(plan.Phases.Any(p => p.Checkpoint), $"checkpoint ({Names(plan.Phases.Where(p => p.Checkpoint).Select(p => p.Id))}): no checkpoint is taken");
        Say(plan.Teams.Any(t => t.Lead is not null), $"teams' leads ({Names(plan.Teams.Where(t => t.Lead is not null).Select(t => t.Id))}): a lead is a member like the others");
        return found;
    }

    /// <summary>Budgets below the swarm's that no chat agent can use up.</summary>
    private static List<string> IdleBudgets(Plan plan)
    {
        var thinking = plan.Agents.Where(a => a.Executor == ExecutorKinds.Chat).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        thinking.UnionWith(plan.Teams.Where(t => t.Members.Any(thinking.Contains)).Select(t => t.Id).ToList());
        bool Thinks(PlanTask task) => task.Agent is { } agent && thinking.Contains(agent);
        return
        [
            .. plan.Phases.Where(p => p.Budget is not null && !p.Tasks.Any(Thinks)).Select(p => p.Id),
            .. plan.Agents.Where(a => a.Budget is not null && !thinking.Contains(a.Id)).Select(a => a.Id),
            .. plan.Tasks.Where(t => t.Budget is not null && !Thinks(t)).Select(t => t.Id),
        ];
    }

    private static void Add(List<string> found, bool declared, string what)
    {
        if (declared) found.Add(what);
    }

    private static string Names(IEnumerable<string> ids)
    {
        var all = ids.ToList();
        return string.Join(", ", all.Take(3)) + (all.Count > 3 ? $" and {all.Count - 3} more" : "");
    }
}
