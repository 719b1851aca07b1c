namespace Skep.Plans.Tests.Reading;

public sealed class ProposalReaderTests
{
    private const string Yaml = """
        plan: p
        vars: { token: secret }
        swarm: { env_allow: [HOME] }
        agents:
          scout: { executor: chat, model: m/a, tools: [propose_tasks] }
          lead: { executor: chat, model: m/a, proposes: [scout, boss, crew, builder] }
          boss: { executor: human }
          builder: { executor: command }
        teams: { crew: [scout, lead] }
        phases:
          - id: look
            tasks:
              - { id: find, agent: scout, prompt: find, tier: nice, priority: 3 }
              - { id: plan, agent: lead, prompt: plan }
            gates: [{ id: enough, metric: "m >= 1" }, { id: found, needs: [find], metric: "m >= 1" }]
          - { id: sum, needs: [look], tasks: [{ id: write, agent: scout, prompt: write }] }
        """;

    private static readonly Plan Plan = Read();

    [Fact]
    public void Tasks_join_the_proposers_phase_and_take_from_it_what_they_leave_open()
    {
        var read = ProposalReader.Read("""{"tasks":[{"id":"deeper","prompt":"${tasks.find.outputs.text} 😀 \ud83d\ude00 \"q\" \n","needs":["find"]},{"id":"each","prompt":"${item}","foreach":["a","b"],"tier":"experimental"}]}""", Plan, new("find", "scout"));
        Assert.Empty(read.Diagnostics);
        Assert.Equal(["find", "plan", "deeper", "each"], read.Plan!.Phases[0].Tasks.Select(t => t.Id));
        var deeper = read.Tasks[0];
        Assert.Equal(("look", "scout", Tier.Nice, 3), (deeper.Phase, deeper.Agent, deeper.Tier, deeper.Priority));
        Assert.EndsWith("😀 😀 \"q\" \n", deeper.Prompt, StringComparison.Ordinal);
        Assert.Equal((Tier.Experimental, 3), (read.Tasks[1].Tier, read.Executions));
    }

    [Fact]
    public void What_follows_the_phase_waits_for_them_and_nodes_keep_their_places()
    {
        var read = ProposalReader.Read("""{"tasks":[{"id":"a","prompt":"x","needs":["find"]},{"id":"b","prompt":"x","needs":[{"id":"a","on":"settled"}]}]}""", Plan, new("find", "scout"));
        var (before, after) = (PlanGraph.Build(Plan), PlanGraph.Build(read.Plan!));
        var grown = before.With(read.Plan!, read.Tasks);
        Assert.Equal(before.Nodes.Select(n => (n.Index, n.Kind, n.Id)), grown.Nodes.Take(before.Nodes.Count).Select(n => (n.Index, n.Kind, n.Id)));
        Assert.Equal(Edges(after), Edges(grown));
        Assert.NotEqual(Edges(before), Edges(grown));
        Assert.Equal(after.Nodes.Count, grown.TopologicalOrder()!.Count);
        Assert.Equal(before.Nodes.Count, before.TopologicalOrder()!.Count);
    }

    [Theory]
    [InlineData("""{"id":"x","prompt":"p","run":"rm -rf /"}""", "unknown key 'run'")]
    [InlineData("""{"id":"x","prompt":"p","shell":true}""", "unknown key 'shell'")]
    [InlineData("""{"id":"x","prompt":"p","env":{"A":"b"}}""", "unknown key 'env'")]
    [InlineData("""{"id":"x","prompt":"p","cwd":"../.."}""", "unknown key 'cwd'")]
    [InlineData("""{"id":"x","prompt":"p","produces":["../a"]}""", "unknown key 'produces'")]
    [InlineData("""{"id":"x","prompt":"p","writes":["k"]}""", "unknown key 'writes'")]
    [InlineData("""{"id":"x","prompt":"p","context":["ns/*"]}""", "unknown key 'context'")]
    [InlineData("""{"id":"x","prompt":"p","hooks":[{"on":"pre-task","run":"sh"}]}""", "unknown key 'hooks'")]
    [InlineData("""{"id":"x","prompt":"p","budget":{"tokens":1}}""", "unknown key 'budget'")]
    [InlineData("""{"id":"x","prompt":"p","priority":1000}""", "unknown key 'priority'")]
    [InlineData("""{"id":"x","prompt":"${env.HOME}"}""", "not 'env.HOME'")]
    [InlineData("""{"id":"x","prompt":"${vars.token}"}""", "not 'vars.token'")]
    [InlineData("""{"id":"x","prompt":"${memory.a}"}""", "not 'memory.a'")]
    [InlineData("""{"id":"x","prompt":"${run.dir}"}""", "not 'run.dir'")]
    [InlineData("""{"id":"x","prompt":"${tasks.plan.outputs.text}"}""", "does not wait for 'plan'")]
    [InlineData("""{"id":"x","prompt":"p","acceptance":["${env.HOME}"]}""", "not 'env.HOME'")]
    [InlineData("""{"id":"x","prompt":"p","when":"env.HOME == 'a'"}""", "not 'env.HOME'")]
    [InlineData("""{"id":"x","prompt":"p","foreach":"${tasks.plan.outputs.list}","needs":["plan"]}""", "written out")]
    [InlineData("""{"id":"x","prompt":"p","agent":"lead"}""", "scout may propose tasks for scout")]
    [InlineData("""{"id":"x","prompt":"p","agent":"builder"}""", "scout may propose tasks for scout")]
    [InlineData("""{"id":"x","prompt":"p","agent":"worker"}""", "scout may propose tasks for scout")]
    [InlineData("""{"id":"x","prompt":"p","tier":"critical"}""", "more important")]
    [InlineData("""{"id":"x","prompt":"p","needs":["nobody"]}""", "unknown need 'nobody'")]
    [InlineData("""{"id":"x","prompt":"p","needs":["write"]}""", "wait for each other")]
    [InlineData("""{"id":"x","prompt":"p","needs":["look"]}""", "wait for each other")]
    [InlineData("""{"id":"x","prompt":"p","needs":["x"]}""", "needs itself")]
    [InlineData("""{"id":"find","prompt":"p"}""", "'find' already")]
    [InlineData("""{"id":"look","prompt":"p"}""", "'look' already")]
    [InlineData("""{"id":"x y","prompt":"p"}""", "x y")]
    [InlineData("""{"id":"x"}""", "needs a 'prompt'")]
    [InlineData("""{"prompt":"p"}""", "'id'")]
    [InlineData("""7""", "must be a mapping")]
    public void What_an_agent_may_not_propose_is_refused_with_the_reason(string task, string reason)
    {
        var read = ProposalReader.Read($$"""{"tasks":[{{task}}]}""", Plan, new("find", "scout"));
        Assert.Null(read.Plan);
        Assert.Contains(reason, read.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tasks":[]}""")]
    [InlineData("""{"tasks":{}}""")]
    [InlineData("""{"tasks":[{"id":"a","prompt":"x"}],"agents":{"evil":{"executor":"command"}}}""")]
    [InlineData("""{"tasks":[{"id":"a","prompt":"x"}],"plan":"other"}""")]
    [InlineData("""{"tasks":[{"id":"a","prompt":"x"},{"id":"a","prompt":"x"}]}""")]
    [InlineData("tasks: [&a {id: b, prompt: !!str x}, *a]")]
    [InlineData("{\"tasks\":[")]
    public void What_is_no_proposal_is_refused_and_never_throws(string text) =>
        Assert.NotEqual("", ProposalReader.Read(text, Plan, new("find", "scout")).Problem);

    [Fact]
    public void A_spec_says_for_whom_its_agent_may_propose_but_commands_stay_with_the_plan()
    {
        Assert.True(Propose("boss").Plan is not null);
        Assert.True(Propose("crew").Plan is not null);
        Assert.Contains("lead may propose tasks for scout, boss, crew, builder", Propose("lead").Problem, StringComparison.Ordinal);
        Assert.Contains("has executor command", Propose("builder").Problem, StringComparison.Ordinal);

        static ProposalReadResult Propose(string agent) => ProposalReader.Read($$"""{"tasks":[{"id":"x","prompt":"p","agent":"{{agent}}"}]}""", Plan, new("plan", "lead"));
    }

    [Fact]
    public void A_proposal_is_bounded()
    {
        var many = string.Join(',', Enumerable.Range(0, ProposalReader.MaxTasks + 1).Select(i => $$"""{"id":"x{{i}}","prompt":"p"}"""));
        Assert.Contains("1 to 100 tasks", ProposalReader.Read($$"""{"tasks":[{{many}}]}""", Plan, new("find", "scout")).Problem, StringComparison.Ordinal);
        Assert.NotEqual("", ProposalReader.Read($$"""{"tasks":[{"id":"x","prompt":"{{new string('x', ProposalReader.MaxChars)}}"}]}""", Plan, new("find", "scout")).Problem);
    }

    [Fact]
    public void A_plan_that_lets_agents_propose_for_nobody_known_is_an_error()
    {
        var read = PlanReader.Read("{ plan: p, agents: { a: { executor: chat, model: m/a, proposes: [b] } }, tasks: [{ id: t, agent: a, prompt: x }] }");
        Assert.Contains("unknown agent 'b'", Assert.Single(read.Diagnostics).Message, StringComparison.Ordinal);
    }

    private static List<string> Edges(PlanGraph graph) =>
        [.. graph.Nodes.SelectMany(n => n.Needs.Select(e => $"{graph.Nodes[e.Node].Kind} {graph.Nodes[e.Node].Id} -{e.On}-> {n.Kind} {n.Id}")).Order(StringComparer.Ordinal)];

    private static Plan Read()
    {
        var read = PlanReader.Read(Yaml);
        return read.Plan ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics));
    }
}
