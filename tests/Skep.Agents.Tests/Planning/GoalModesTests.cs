using Skep.Agents.Planning;
using Skep.Plans;

namespace Skep.Agents.Tests.Planning;

/// <summary>What the modes ask of a plan, held to the plans that we write ourselves and to ones that miss it.</summary>
public sealed class GoalModesTests
{
    private static readonly Budget Budget = new(Tokens: 1000, AtLimit: AtLimit.Fail);

    [Theory]
    [InlineData("centralized", "topology: star")]
    [InlineData("hierarchical", "topology: hierarchical")]
    [InlineData("mesh", "topology: mesh")]
    public void The_example_that_models_and_people_get_is_a_plan_of_its_mode(string mode, string declared)
    {
        var options = OptionsOf(mode);
        var text = GoalTemplate.Write(options);
        var read = PlanReader.Read(text);
        Assert.DoesNotContain(read.Diagnostics, d => d.Severity == Severity.Error);
        Assert.Contains(declared, text, StringComparison.Ordinal);
        Assert.Empty(GoalRules.Problems(read.Plan!, options));
        Assert.Contains(GoalModes.AdviceOf(options.Topology), GoalPrompt.System(options), StringComparison.Ordinal);
        Assert.Contains(GoalSkeleton.Of(options), GoalPrompt.System(options), StringComparison.Ordinal);
        Assert.All(GoalModes.Names.Where(m => m != mode), other => Assert.NotEmpty(GoalRules.Problems(read.Plan!, OptionsOf(other))));
    }

    [Fact]
    public void In_a_centralized_plan_nobody_adds_work_and_nobody_talks()
    {
        Assert.Empty(ProblemsOf("centralized", "a: { executor: chat }"));
        Assert.Contains("agent 'a' must have neither", Assert.Single(ProblemsOf("centralized", "a: { executor: chat, tools: [propose_tasks] }")), StringComparison.Ordinal);
        Assert.Contains("agent 'a' must have neither", Assert.Single(ProblemsOf("centralized", "a: { executor: chat, tools: [messages] }")), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_mesh_each_may_propose_for_all_others_and_they_share_memory()
    {
        const string tools = "tools: [propose_tasks, messages, memory]";
        Assert.Empty(ProblemsOf("mesh", $"a: {{ executor: chat, {tools}, proposes: [b], memory: [\"m/*\"] }}", $"b: {{ executor: chat, {tools}, proposes: [a], memory: [\"m/*\", \"n/*\"] }}"));
        var problems = ProblemsOf("mesh", "a: { executor: chat, tools: [messages, memory], proposes: [b], memory: [\"m/*\"] }", $"b: {{ executor: chat, {tools}, memory: [\"n/*\"] }}");
        Assert.Equal(["agent 'a' must have the tool propose_tasks", "'proposes' of agent 'b' must name a, too", "'memory' of all agents must have one namespace in common"], problems.Select(p => p[(p.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
        Assert.Contains("at least two agents", ProblemsOf("mesh", $"a: {{ executor: chat, {tools}, memory: [\"m/*\"] }}")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "there must be a lead")]
    [InlineData("lead: { executor: chat, tools: [memory, propose_tasks], proposes: [w], memory: [\"m/*\"] }", "w: { executor: chat, memory: [\"n/*\"] }", "lead 'lead' must have the tool memory, and share a namespace")]
    [InlineData("lead: { executor: chat, tools: [memory, propose_tasks], proposes: [w], memory: [\"m/*\"] }", "w: { executor: chat, memory: [\"m/*\"], tools: [propose_tasks] }", "agent 'w' is no lead")]
    [InlineData("lead: { executor: chat, tools: [memory, propose_tasks], proposes: [w], memory: [\"m/*\"] }", "w: { executor: chat, memory: [\"m/*\"] }\n  x: { executor: chat }", "agent 'x' belongs to no lead")]
    [InlineData("lead: { executor: chat, tools: [memory, propose_tasks], proposes: [w], memory: [\"m/*\"] }", "w: { executor: chat, memory: [\"m/*\"] }", "one that joins its team's results in a phase that needs the first one's")]
    public void A_hierarchy_without_leads_teams_or_joining_is_none(string lead, string worker, string reason)
    {
        var who = lead.Length > 0 ? "lead" : "a";
        var plan = Read($"plan: p\nswarm: {{ topology: hierarchical, max_proposed_tasks: 3, budget: {{ tokens: 1000, at_limit: fail }} }}\nagents:\n  {(lead.Length > 0 ? lead : "a: { executor: chat }")}\n  {(worker.Length > 0 ? worker : "b: { executor: chat }")}\n"
            + $"phases:\n  - {{ id: one, tasks: [{{ id: t1, agent: {who}, prompt: x }}] }}\n  - {{ id: two, tasks: [{{ id: t2, agent: {who}, prompt: x }}] }}\n");
        Assert.Contains(GoalRules.Problems(plan, OptionsOf("hierarchical")), p => p.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hierarchical")]
    [InlineData("mesh")]
    public void How_much_may_be_proposed_is_bounded(string mode)
    {
        var options = OptionsOf(mode);
        var unbounded = GoalTemplate.Write(options).Replace("max_proposed_tasks: 6, ", "", StringComparison.Ordinal);
        Assert.Contains("'swarm.max_proposed_tasks' must be 1 to 6", Assert.Single(GoalRules.Problems(Read(unbounded), options)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_roster_and_a_tier_are_held_to()
    {
        var options = OptionsOf("centralized") with { Roster = [new GoalAgent("ann", "reads")], Tier = Tier.Critical };
        Assert.Contains("ann (reads)", GoalPrompt.System(options), StringComparison.Ordinal);
        Assert.Contains("Every task has tier: critical", GoalPrompt.System(options), StringComparison.Ordinal);
        var plan = Read(GoalTemplate.Write(options));
        Assert.Equal(["there are these agents and no others: ann", "every task must have tier: critical"], GoalRules.Problems(plan, options));
    }

    private static GoalOptions OptionsOf(string mode) => new() { Goal = "g", Topology = GoalModes.TopologyOf(mode), Budget = Budget, MaxTasks = 6, MaxAgents = 6 };

    private static IReadOnlyList<string> ProblemsOf(string mode, params string[] agents) => GoalRules.Problems(
        Read($"plan: p\nswarm: {{ topology: {(mode == "mesh" ? "mesh" : "star")}, max_proposed_tasks: 2, budget: {{ tokens: 1000, at_limit: fail }} }}\nagents:\n{string.Join('\n', agents.Select(a => "  " + a))}\ntasks: [{{ id: t, agent: a, prompt: x }}]\n"),
        OptionsOf(mode));

    private static Plan Read(string text)
    {
        var read = PlanReader.Read(text);
        Assert.True(read.Plan is not null, string.Join('\n', read.Diagnostics.Select(d => d.Format("plan"))));
        return read.Plan!;
    }
}
