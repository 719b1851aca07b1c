using Skep.Testing;

namespace Skep.Cli.Tests;

/// <summary>Goals that become plans, and the method with five phases, from the command line.</summary>
public sealed class OrchestrateCommandsTests : IDisposable
{
    private const string Plan = """
        ```yaml
        plan: queues
        swarm: { topology: star, budget: { tokens: 500000, at_limit: fail } }
        agents: { scout: { executor: chat } }
        tasks:
          - { id: look, agent: scout, prompt: "Look at the queue." }
          - { id: result, agent: scout, needs: [look], prompt: "Join $${tasks.look.outputs.answer}" }
        ```
        """;

    private readonly Harness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Without_a_model_a_goal_is_not_taken_apart_and_a_template_is_given()
    {
        Assert.Equal(ExitCodes.PlanInvalid, await _cli.RunAsync("orchestrate", "Find a queue"));
        Assert.Contains("nobody took the goal apart", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("goal: \"Find a queue\"", _cli.Out, StringComparison.Ordinal);
        await _cli.RunAsync("runs", "--json");
        Assert.Equal("[]", _cli.Out.Trim());
    }

    [Fact]
    public async Task A_model_takes_a_goal_apart_and_its_plan_is_shown_priced_and_run()
    {
        await using var server = await ServeAsync();
        Assert.Equal(ExitCodes.Usage, await _cli.RunAsync("orchestrate", "Find a queue", "--mode", "centralized"));
        Assert.Contains("there is nobody to ask", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("orchestrate", "Find a queue", "--mode", "centralized", "--plan-only", "-o", "made.yaml"));
        Assert.Contains("A rough guess:", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("plan: queues", await File.ReadAllTextAsync(Path.Combine(_cli.Project, "made.yaml")), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("orchestrate", "Find a queue", "--mode", "centralized", "--yes", "--id", "r1", "--no-report"));
        await _cli.RunAsync("show", "r1");
        Assert.Contains("take the quick one", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("concurrent")]
    [InlineData("batch")]
    public async Task The_five_phases_run_by_their_specialists_and_are_joined(string mode)
    {
        await using var server = await ServeAsync();
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync(["sparc", mode, "A queue", .. mode == "batch" ? ["Another"] : (string[])[], "--yes", "--id", "r1", "--no-report"]));
        await _cli.RunAsync("show", "r1", "--json");
        Assert.Contains("\"status\": \"succeeded\"", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("all joined", _cli.Out, StringComparison.Ordinal);
    }

    private async Task<ScriptedModelServer> ServeAsync()
    {
        var server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(s =>
        {
            s.When(m => m.System("You take a goal apart")).Says(Plan);
            s.When(m => m.User("Join the quick one")).Says("take the quick one");
            s.When(m => m.User("Look at the queue")).Says("the quick one");
            s.When(m => m.User("into one document")).Says("all joined");
            s.Always().Says("a part of it");
        }));
        _cli.Environment["SKEP_MODEL_BASE_URL"] = server.BaseUrl.AbsoluteUri.TrimEnd('/');
        _cli.Environment["SKEP_MODEL_WIRE"] = "anthropic";
        _cli.Environment["SKEP_MODEL_API_KEY"] = "scripted-key";
        _cli.Environment["SKEP_MODEL"] = "claude-haiku-4-5";
        return server;
    }
}
