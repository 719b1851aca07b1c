using ModelWire = Skep.Models.Endpoints.ModelWire;
using Skep.Agents.Planning;
using Skep.Models;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Plans;
using Skep.Testing;

namespace Skep.Agents.Tests.Planning;

public sealed class GoalPlannerTests
{
    private static readonly GoalOptions Options = new() { Goal = "Find the best queue", Budget = new Budget(Tokens: 1000, AtLimit: AtLimit.Fail), MaxTasks = 3, MaxAgents = 2 };

    private const string Good = """
        plan: queues
        goal: find it
        swarm: { topology: star, budget: { tokens: 1000, at_limit: fail } }
        agents: { scout: { executor: chat, role: Looks } }
        phases:
          - { id: find, tasks: [{ id: facts, agent: scout, prompt: "Look." }] }
          - { id: join, needs: [find], tasks: [{ id: result, agent: scout, prompt: "Join $${tasks.facts.outputs.answer}" }] }
        """;

    [Theory]
    [InlineData(ModelWire.Anthropic)]
    [InlineData(ModelWire.OpenAI)]
    public async Task A_model_takes_a_goal_apart_and_mends_what_is_wrong_with_its_plan(ModelWire wire)
    {
        var model = ScriptedModel.Build(s =>
        {
            s.When(m => m.Turns(0).User("Find the best queue")).Says("Here it is:\n```yaml\nplan: queues\ntasks: [{ id: a, agent: nobody, prompt: x }]\n```\nDone.");
            s.When(m => m.Turns(1).User("unknown agent 'nobody'")).Says($"```yaml\n{Good}\n```");
        });
        var said = new List<string>();
        var made = await PlanAsync(model, said, wire: wire);
        Assert.Equal(("queues", 2, "test/m"), (made.Plan.Name, made.Tries, made.Model));
        Assert.Equal(["facts", "result"], made.Plan.Tasks.Select(t => t.Id));
        Assert.Contains("unknown agent 'nobody'", Assert.Single(said), StringComparison.Ordinal);
        Assert.True(made.Tokens.Total > 0 && made.Usd > 0);
    }

    [Theory]
    [InlineData("tasks: [{ id: a, run: \"rm -rf /\" }]", "commands are not allowed")]
    [InlineData("agents: { w: { executor: command } }\ntasks: [{ id: a, agent: w, run: ls }]", "commands are not allowed")]
    [InlineData("hooks: [{ on: pre-run, run: ls }]\nagents: { w: { executor: chat } }\ntasks: [{ id: a, agent: w, prompt: x }]", "hooks are not allowed")]
    [InlineData("agents: { w: { executor: chat, tools: [run_command], commands: [sh] } }\ntasks: [{ id: a, agent: w, prompt: x }]", "'commands' of agents")]
    [InlineData("agents: { w: { executor: chat, permission_mode: bypass } }\ntasks: [{ id: a, agent: w, prompt: x }]", "'permission_mode' is not allowed")]
    [InlineData("agents: { w: { executor: chat, env: { A: b } } }\ntasks: [{ id: a, agent: w, prompt: x }]", "'env'")]
    [InlineData("mcp: { m: { command: [sh] } }\nagents: { w: { executor: mcp, uses: m/x } }\ntasks: [{ id: a, agent: w }]", "MCP servers are not allowed")]
    [InlineData("agents: { w: { executor: chat } }\ntasks: [{ id: a, agent: w, prompt: x }]\ngates: [{ run: ls }]", "gates that run commands")]
    [InlineData("agents: { w: { executor: chat } }\ntasks: [{ id: a, agent: w, prompt: x }, { id: b, agent: w, prompt: x }, { id: c, agent: w, prompt: x }, { id: d, agent: w, prompt: x }]", "at most 3")]
    public async Task What_a_model_may_not_plan_is_never_offered(string body, string reason)
    {
        var head = "plan: p\nswarm: { topology: star, budget: { tokens: 1000, at_limit: fail } }\n";
        var model = ScriptedModel.Build(s => s.Always().Says($"```yaml\n{head}{body}\n```"));
        var refused = await Assert.ThrowsAsync<GoalPlanException>(() => PlanAsync(model, []));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(GoalPlanner.MaxTries, model.Exchanges.Count);
        Assert.StartsWith("plan: p", refused.LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ tokens: 5000, at_limit: fail }")]
    [InlineData("{ tokens: 1000, at_limit: pause }")]
    [InlineData("{ tokens: 1000, cost_usd: 9, at_limit: fail }")]
    public async Task A_model_cannot_give_itself_a_larger_budget(string budget)
    {
        var model = ScriptedModel.Build(s => s.Always().Says(Good.Replace("{ tokens: 1000, at_limit: fail }", budget, StringComparison.Ordinal)));
        var refused = await Assert.ThrowsAsync<GoalPlanException>(() => PlanAsync(model, []));
        Assert.Contains("'swarm.budget' must be { tokens: 1000, at_limit: fail }", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_is_a_valid_plan_and_says_that_nobody_took_the_goal_apart()
    {
        var text = GoalTemplate.Write(Options);
        Assert.NotNull(PlanReader.Read(text).Plan);
        Assert.Contains("nobody has taken the goal apart", text, StringComparison.Ordinal);
    }

    private static async Task<GoalPlan> PlanAsync(ScriptedModel model, List<string> said, ModelWire wire = ModelWire.Anthropic)
    {
        using var http = new HttpMessageInvoker(new ScriptedModelHandler(model));
        return await new GoalPlanner(new Source(http, wire), TimeProvider.System).PlanAsync(Options, "test/m", said.Add, default);
    }

    private sealed class Source(HttpMessageInvoker http, ModelWire wire) : IModelSource
    {
        private readonly ModelEndpoint _endpoint = new("test", wire, new Uri("http://test.invalid"));

        public ModelRoute Resolve(string model)
        {
            Microsoft.Extensions.AI.IChatClient client = wire == ModelWire.Anthropic ? new AnthropicChatClient(http, _endpoint, "a-key-of-a-test", "m") : new OpenAIChatClient(http, _endpoint, "a-key-of-a-test", "m");
            return new ModelRoute("test", "m", client, OpenGate.Instance) { Price = new ModelPrice(3, 15) };
        }
    }
}
