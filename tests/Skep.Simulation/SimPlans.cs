using Skep.Plans;

namespace Skep.Simulation;

/// <summary>Draws plans: phases, dependencies of all kinds, retries, timeouts, fan-outs, teams, tiers, budgets, gates, people.</summary>
internal static class SimPlans
{
    public static Plan Draw(SimRandom random)
    {
        var agents = DrawAgents(random);
        var phases = new List<Phase>();
        var tasks = new List<string>();
        var phaseIds = new List<string>();
        for (var p = 0; p < random.Between(1, 5); p++)
        {
            var id = $"p{p}";
            var drawn = new List<PlanTask>();
            for (var t = 0; t < random.Between(1, 12); t++)
            {
                var task = DrawTask(random, id, $"t{p}x{t}", tasks, phaseIds, agents);
                drawn.Add(task);
                tasks.Add(task.Id);
            }

            phases.Add(new Phase { Id = id, Tasks = drawn, Needs = DrawPhaseNeeds(random, phaseIds), Gates = DrawGates(random, id) });
            phaseIds.Add(id);
        }

        return new Plan { Hooks = DrawHooks(random), Name = "sim", Phases = phases, Agents = agents, Teams = [new Team("team", null, [.. agents.Select(a => a.Id)])], Swarm = DrawSwarm(random) };
    }

    /// <summary>Hooks around attempts are the shell's; the queen only knows of those before the run.</summary>
    private static IReadOnlyList<HookSpec> DrawHooks(SimRandom random) =>
        random.Chance(0.15) ? [new HookSpec { On = HookEvents.PreRun, Planned = random.Chance(0.2), Run = new CommandSpec { Argv = ["hook"] } }] : [];

    private static List<AgentSpec> DrawAgents(SimRandom random)
    {
        var agents = new List<AgentSpec> { new() { Id = "person", Executor = ExecutorKinds.Human } };
        for (var i = 0; i < random.Between(1, 3); i++)
            agents.Add(new AgentSpec { Id = $"a{i}", Executor = random.Chance(0.5) ? ExecutorKinds.Chat : ExecutorKinds.Command, Replicas = random.Chance(0.5) ? random.Between(1, 3) : null, Proposes = random.Chance(0.5) ? ["a0", "person"] : [] });
        return agents;
    }

    private static SwarmSettings DrawSwarm(SimRandom random)
    {
        var concurrency = random.Between(1, 6);
        return new SwarmSettings
        {
            MaxAgents = concurrency,
            MaxConcurrency = concurrency,
            BatchSize = random.Between(1, concurrency),
            Lease = TimeSpan.FromSeconds(random.Between(5, 60)),
            OnFailure = random.Chance(0.15) ? OnFailure.Stop : OnFailure.Continue,
            Budget = DrawBudget(random),
            MaxFanOut = random.Chance(0.1) ? 2 : 1000,
            MaxProposedTasks = random.Between(0, 12),
        };
    }

    private static Budget DrawBudget(SimRandom random) => random.Below(10) switch
    {
        0 => new Budget(Wall: TimeSpan.FromSeconds(random.Between(20, 600))),
        1 => new Budget(Tokens: random.Between(10, 500)),
        2 => new Budget(CostUsd: random.Between(1, 50)),
        _ => new Budget(),
    };

    /// <summary>A condition or a list over what a dependency gave; where it gave nothing the task fails, which is to be survived, too.</summary>
    private static PlanExpression? DrawExpression(SimRandom random, double chance, List<Need> needs, string member, string rest) =>
        needs.Count > 0 && random.Chance(chance) ? new PlanExpression($"tasks.{random.Pick(needs).Id}.outputs.{member}{rest}") : null;

    private static IReadOnlyList<Need> DrawPhaseNeeds(SimRandom random, List<string> earlier) =>
        earlier.Count == 0 || random.Chance(0.3) ? [] : [new Need(random.Pick(earlier), DrawOn(random))];

    private static NeedOn DrawOn(SimRandom random) =>
        random.Chance(0.8) ? NeedOn.Success : random.Chance(0.5) ? NeedOn.Settled : NeedOn.Failure;

    private static List<GateSpec> DrawGates(SimRandom random, string phase)
    {
        var gates = new List<GateSpec>();
        if (random.Chance(0.3)) gates.Add(new GateSpec { Id = $"g-{phase}", Phase = phase, Kind = GateKinds.Metric, Planned = random.Chance(0.15), Metric = new MetricCheck("m", Comparison.AtLeast, 1) });
        if (random.Chance(0.2)) gates.Add(DrawApproval(random, phase));
        return gates;
    }

    private static GateSpec DrawApproval(SimRandom random, string phase)
    {
        string[] roles = [.. Enumerable.Range(0, random.Between(1, 4)).Select(i => $"role{i}")];
        return new GateSpec
        {
            Id = $"v-{phase}",
            Phase = phase,
            Kind = GateKinds.Approve,
            Approval = new ApprovalCheck(roles, random.Between(1, roles.Length), null, random.Chance(0.3)),
            Timeout = random.Chance(0.3) ? TimeSpan.FromSeconds(random.Between(5, 60)) : null,
        };
    }

    private static PlanTask DrawTask(SimRandom random, string phase, string id, List<string> tasks, List<string> phases, List<AgentSpec> agents)
    {
        var needs = new List<Need>();
        for (var i = 0; i < random.Below(3) && tasks.Count > 0; i++)
        {
            var target = random.Chance(0.15) && phases.Count > 0 ? random.Pick(phases) : random.Pick(tasks);
            if (needs.TrueForAll(n => n.Id != target)) needs.Add(new Need(target, DrawOn(random)));
        }

        var agent = random.Chance(0.1) ? "team" : random.Chance(0.05) ? "person" : random.Chance(0.5) ? null : random.Pick(agents).Id;
        return new PlanTask
        {
            Id = id,
            Phase = phase,
            Agent = agent,
            Needs = needs,
            Run = new CommandSpec { Argv = ["work"] },
            When = DrawExpression(random, 0.15, needs, "n", " > 3"),
            Foreach = DrawExpression(random, 0.08, needs, "list", ""),
            ForeachItems = random.Chance(0.12) ? [.. Enumerable.Range(0, random.Below(5)).Select(i => PlanValue.Of(i))] : null,
            Timeout = random.Chance(0.4) ? TimeSpan.FromSeconds(random.Between(2, 40)) : null,
            Retry = random.Chance(0.5) ? RetryPolicy.None with { Attempts = random.Between(1, 5), Backoff = TimeSpan.FromSeconds(random.Between(0, 5)) } : RetryPolicy.None,
            Tier = (Tier)random.Below(4),
            Priority = random.Between(-3, 3),
            Estimate = random.Chance(0.3) ? TimeSpan.FromSeconds(random.Between(1, 60)) : null,
            Planned = random.Chance(0.06),
            AllowFailure = random.Chance(0.1),
            Writes = random.Chance(0.1) ? ["key"] : [],
        };
    }
}
