using System.Text.Json;
using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Coding.Tests.Agents;

/// <summary>Drives the real Claude Code against a scripted model on loopback. No model, no network.</summary>
public sealed class ClaudeCodeTests
{
    [ClaudeFact]
    public async Task Claude_Code_writes_a_file_in_its_worktree_and_the_work_lands()
    {
        await using var rig = await CodingRig.CreateAsync();
        var file = Path.Combine(rig.Folder.RunPath("run-1"), "worktrees", "a.1", "notes.md");
        var call = JsonSerializer.Serialize(new Dictionary<string, string> { ["file_path"] = file, ["content"] = "one\n" });
        var model = ScriptedModel.Build(script =>
        {
            script.When(m => m.Offers("Write").Turns(0)).Calls("Write", call);
            script.Always().Says("The notes are written.");
        });
        await using var server = await ScriptedModelServer.StartAsync(model);
        ClaudeCode.Use(rig, server);

        var state = await rig.RunAsync("""
            plan: p
            swarm: { merge: { into: main, check: grep -q one notes.md } }
            agents:
              coder: { executor: coding-cli, model: anthropic/claude-sonnet-4-5, limits: { turns: 5 } }
            tasks:
              - { id: a, agent: coder, prompt: Write the notes. }
            """);

        Assert.True(state.Status == RunStatus.Succeeded, rig.Node("a").Attempts[0].Result!.LogTail);
        Assert.Equal("one", await rig.ShowAsync("main", "notes.md"));
        var outputs = rig.Node("a").Outputs;
        Assert.Equal(("The notes are written.", rig.Sessions.Find("run-1", "a", 1)!.Session), (outputs["answer"], outputs["session"]));
        Assert.True(rig.Node("a").Attempts[0].Usage.Tokens > 0);
        Assert.Empty(rig.Worktrees);
    }
}
