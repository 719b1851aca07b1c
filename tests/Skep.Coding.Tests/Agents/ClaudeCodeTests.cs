using System.Text.Json;
using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Coding.Tests.Agents;

/// <summary>Drives the real Claude Code against a scripted model on loopback. No model, no network.</summary>
public sealed class ClaudeCodeTests
{
    private const string OneNote = """
        plan: p
        swarm: { merge: { into: main, check: grep -q one notes.md } }
        agents:
          coder: { executor: coding-cli, model: anthropic/claude-sonnet-4-5, limits: { turns: 5 } }
        tasks:
          - { id: a, agent: coder, prompt: Write the notes. }
        """;

    [ClaudeFact]
    public async Task Claude_Code_writes_a_file_in_its_worktree_and_the_work_lands()
    {
        await using var rig = await CodingRig.CreateAsync();
        var call = WriteOne(rig);
        var model = ScriptedModel.Build(script =>
        {
            script.When(m => m.Offers("Write").Turns(0)).Calls("Write", call);
            script.Always().Says("The notes are written.");
        });
        await using var server = await ScriptedModelServer.StartAsync(model);
        ClaudeCode.Use(rig, server);

        var state = await rig.RunAsync(OneNote);

        Assert.True(state.Status == RunStatus.Succeeded, rig.Node("a").Attempts[0].Result!.LogTail);
        Assert.Equal("one", await rig.ShowAsync("main", "notes.md"));
        var outputs = rig.Node("a").Outputs;
        Assert.Equal(("The notes are written.", rig.Sessions.Find("run-1", "a", 1)!.Session), (outputs["answer"], outputs["session"]));
        Assert.True(rig.Node("a").Attempts[0].Usage.Tokens > 0);
        Assert.Empty(rig.Worktrees);
    }

    [ClaudeFact]
    public async Task Claude_Code_is_paused_and_resumed_in_its_turn_and_another_model_goes_on_with_its_session()
    {
        await using var rig = await CodingRig.CreateAsync();
        var call = WriteOne(rig);
        string[]? outcomes = null;
        string[] Control() => [.. new (string Op, string? Argument)[] { (QueryOps.Pause, null), (QueryOps.Resume, null), (QueryOps.Model, "anthropic/claude-opus-4-5") }.Select(o => rig.ControlAsync(o.Op, o.Argument).Result)];
        var model = ScriptedModel.Build(script =>
        {
            // While its first request is under way.
            script.When(m => m.Offers("Write").Turns(0).Where(_ => (outcomes ??= Control()).Length > 0)).Calls("Write", call);
            // What the first process asks for before it has heard that it is to end.
            script.When(m => m.Offers("Write").Where(r => r.Model.Contains("sonnet", StringComparison.Ordinal))).Says("Nobody reads this.").Fails(ScriptedFault.StallAfter(1));
            script.Always().Says("The notes are written.");
        });
        await using var server = await ScriptedModelServer.StartAsync(model);
        ClaudeCode.Use(rig, server);
        var state = await rig.RunAsync(OneNote);

        Assert.True(state.Status == RunStatus.Succeeded, rig.Node("a").Attempts[0].Result!.LogTail);
        Assert.Equal(["paused", "resumed", "anthropic/claude-opus-4-5 answers the next turn"], outcomes!);
        Assert.Equal("one", await rig.ShowAsync("main", "notes.md"));
        var query = rig.Query();
        var opened = rig.Queries.Read("run-1/a/1").Select(e => e.Event).OfType<SessionOpened>().ToList();
        Assert.Equal([(false, "anthropic/claude-sonnet-4-5"), (true, "anthropic/claude-opus-4-5")], opened.Select(o => (o.Resumes, o.Model)));
        Assert.Equal(opened[0].Session, opened[1].Session);
        // The other model knows what the first has done, which is told once.
        var last = model.Exchanges.All().Select(e => e.Request!).Last(r => r.Model.Contains("opus", StringComparison.Ordinal));
        Assert.Contains("Write the notes.", last.Messages.Select(m => m.Text).Aggregate("", (a, b) => a + b), StringComparison.Ordinal);
        Assert.Single(query.Items.OfType<ActedItem>().SelectMany(i => i.Tools), t => t.Tool == "Write");
        Assert.Equal((QueryStatus.Complete, 2), (query.Status, query.Turns));
    }

    /// <summary>What the model asks its tool to do.</summary>
    private static string WriteOne(CodingRig rig) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["file_path"] = Path.Combine(rig.Folder.RunPath("run-1"), "worktrees", "a.1", "notes.md"), ["content"] = "one\n" });
}
