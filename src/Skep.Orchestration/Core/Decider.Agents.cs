namespace Skep.Orchestration;

internal sealed partial class Decider
{
    private const string Drained = "drained";

    /// <summary>Most names that a refusal lists.</summary>
    private const int MaxNamed = 3;

    private void OnSpawn(SpawnAgents input)
    {
        // Asked again by somebody who did not hear the answer: it is done.
        if (input.Request is { } request && state.Roster.Known.Any(a => a.Request == request)) return;
        if (WhyNotSpawned(input) is { } why)
        {
            Refuse(why);
            return;
        }

        var first = state.Roster.Of(input.Spec).NextNumber;
        var numbers = Enumerable.Range(first, input.Count).ToList();
        Emit(new AgentsSpawned(input.Spec, [.. numbers.Select(n => InstanceName.Of(input.Spec, n))], input.By, input.Request));
        Effect(new OpenAgents(input.Spec, numbers));
    }

    private string? WhyNotSpawned(SpawnAgents input)
    {
        if (WhyAgentsStay() is { } why) return why;
        if (UnknownSpec(input.Spec) is { } unknown) return unknown;
        if (input.Count < 1) return "at least one agent must be spawned";
        var left = Math.Max(0, Queen.MaxAgents - state.Roster.Count);
        return input.Count > left ? $"a run may have {Queen.MaxAgents} agents, those that are retired included; {left} more can be spawned" : null;
    }

    private string? WhyAgentsStay() => state.Info is not null && state.Status is RunStatus.Running or RunStatus.Paused ? null : $"the run is {state.Status.Name()}";

    private string? UnknownSpec(string spec)
    {
        if (spec.Length > 0 && state.Agent(spec) is not null) return null;
        if (spec is "" or "gate") return "gates are checked by the run itself; they have no agents that could be spawned or drained";
        if (state.Plan.Teams.FirstOrDefault(t => t.Id == spec) is { } team) return $"'{spec}' is a team; name one of its members: {string.Join(", ", team.Members)}";
        var known = state.Plan.Agents.Select(a => a.Id).Append(Plans.AgentSpec.ImplicitId).Distinct(StringComparer.Ordinal);
        return $"the plan has no agent '{Text.Shorten(spec, 100)}'; it has {string.Join(", ", known)}";
    }

    private void OnDrain(DrainAgents input)
    {
        if (WhyAgentsStay() is { } why)
        {
            Refuse(why);
            return;
        }

        if (AgentsOf(input.Agents) is not { } agents) return;
        if (!input.Force && WhatWouldWait(agents) is { } waits)
        {
            Refuse(waits);
            return;
        }

        foreach (var agent in agents) Emit(new AgentDraining(agent.Name, input.By));
        foreach (var family in agents.GroupBy(a => a.Family)) Close(family.Key, [.. family.Select(a => a.Number)]);
    }

    /// <summary>
    /// An attempt that is placed and has not begun may have been given to any agent of its spec: only whoever runs the agents knows. As long as
    /// there is none, or nobody who could have given it out, an agent without work is gone at once; else it is when that is told.
    /// </summary>
    private void Close(SpecAgents family, IReadOnlyList<int> numbers)
    {
        Effect(new CloseAgents(family.Spec, numbers));
        if (state.HasWorkers && state.Nodes.Any(n => n.Current is { StartedAt: null } attempt && attempt.Agent == family.Spec)) return;
        foreach (var number in numbers) RetireIfDrained(state.Roster.Find(InstanceName.Of(family.Spec, number)));
    }

    private void OnFreed(AgentsFreed input)
    {
        if (state.Info is null || state.Status.IsEnded()) return;
        foreach (var number in input.Numbers) RetireIfDrained(state.Roster.Find(InstanceName.Of(input.Spec, number)));
    }

    private void RetireIfDrained(AgentState? agent)
    {
        if (agent is { Life: AgentLife.Draining, Held: 0 }) Emit(new AgentRetired(agent.Name, Drained));
    }

    /// <summary>The agents that are meant, each once; null when one of them cannot be drained.</summary>
    private List<AgentState>? AgentsOf(IReadOnlyList<string> names)
    {
        var agents = new Dictionary<string, AgentState>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (state.Roster.FindOrImply(name) is { } agent)
            {
                if (!agent.IsOpen) Refuse($"'{agent.Name}' is {AgentOverview.Word(agent.Life)} already");
                agents[agent.Name] = agent;
            }
            else if (UnknownSpec(name) is { } unknown)
            {
                Refuse(InstanceName.Parse(name) is { } parsed && UnknownSpec(parsed.Spec) is null ? $"there is no agent '{Text.Shorten(name, 100)}'; 'skep agents status' lists those of '{parsed.Spec}'" : unknown);
            }
            else
            {
                AddAll(name, agents);
            }

            if (_refusal is not null) return null;
        }

        if (agents.Count == 0) Refuse("name the agents that are to go");
        return agents.Count == 0 ? null : [.. agents.Values];
    }

    private void AddAll(string spec, Dictionary<string, AgentState> agents)
    {
        var open = state.Roster.All(state.Roster.Of(spec)).Where(a => a.IsOpen).ToList();
        if (open.Count == 0) Refuse($"no agent of '{spec}' is there to be drained");
        foreach (var agent in open) agents[agent.Name] = agent;
    }

    /// <summary>
    /// Tasks that would have no agent are a reason to refuse: waiting without end looks like work, and mostly is a slip. Who means it says so; then
    /// they wait, and <see cref="StrandedTasks"/> tells for what.
    /// </summary>
    private string? WhatWouldWait(List<AgentState> leaving)
    {
        var byFamily = leaving.GroupBy(a => a.Spec, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        // Only what this request brings about: what waits already is no reason to keep others.
        var before = StrandedTasks.Of(state).Select(s => s.Agent).ToHashSet(StringComparer.Ordinal);
        var found = StrandedTasks.Of(state, spec => state.Roster.Of(spec).Capacity - byFamily.GetValueOrDefault(spec)).FirstOrDefault(s => !before.Contains(s.Agent));
        if (found is null) return null;
        var named = string.Join(", ", found.Tasks.Take(MaxNamed)) + (found.Tasks.Count > MaxNamed ? ", …" : "");
        return $"that would leave no agent of '{found.Agent}' for {found.Tasks.Count} {(found.Tasks.Count == 1 ? "task" : "tasks")} ({named}); spawn others first, or force it: then they wait until there is one";
    }

    /// <summary>
    /// The name under which a beginning is recorded. A name that cannot be true (its agent is gone, has other work, or got this after it was to get
    /// nothing more) is not believed; the spec stands for it, as it does when word of a beginning was lost.
    /// </summary>
    private string Believed(AttemptState attempt, string name)
    {
        if (InstanceName.NumberOf(attempt.Agent, name) == 0) return name;
        var agent = state.Roster.FindOrImply(name);
        if (agent is null) return state.Roster.Of(attempt.Agent).Replicas is null ? name : attempt.Agent;
        var late = agent.IsDraining && attempt.AssignedAt > agent.Since;
        return agent.IsRetired || agent.Held > 0 || late ? attempt.Agent : name;
    }
}
