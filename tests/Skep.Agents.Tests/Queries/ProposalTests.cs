using Skep.Orchestration;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Agents.Tests.Queries;

public sealed class ProposalTests
{
    private const string Plan = """
        plan: p
        swarm: { lease: 5s, secrets: [API_TOKEN] }
        agents:
          scout: { executor: chat, model: test/large, role: Scouts, tools: [propose_tasks] }
          builder: { executor: command }
        phases:
          - { id: look, tasks: [{ id: ask, agent: scout, prompt: "Look around." }] }
          - { id: sum, needs: [look], tasks: [{ id: write, agent: scout, prompt: "Sum up." }] }
        """;

    [Fact]
    public async Task A_model_proposes_tasks_and_they_are_done_before_the_next_phase()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.User("Look around").Turns(0)).Calls("propose_tasks", """{"fragment":{"tasks":[{"id":"near","prompt":"Look near \"here\" 😀"},{"id":"far","prompt":"Look far, knowing: $${tasks.near.outputs.answer}","needs":["near"]}]}}""");
            s.When(m => m.ToolResult("propose_tasks")).Says("More to do.");
            s.When(m => m.User("Look near")).Says("A tree.");
            s.When(m => m.User("A tree")).Says("A hill.");
            s.When(m => m.User("Sum up")).Says("Done.");
        });
        var state = await rig.RunAsync(Plan);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("ask", "A tree.", "A hill."), (state.Find("far")!.ProposedBy, state.Find("near")!.Outputs["answer"], state.Find("far")!.Outputs["answer"]));
        Assert.True(state.Find("far")!.SettledAt <= state.Find("write")!.FirstStart);
        Assert.Equal(["near", "far"], Assert.Single(state.Proposals).Tasks);
    }

    [Theory]
    [InlineData("""{"tasks":[{"id":"x","run":"touch escaped"}]}""", "unknown key 'run'")]
    [InlineData("""{"tasks":[{"id":"x","agent":"builder","prompt":"touch escaped"}]}""", "may propose tasks for scout")]
    [InlineData("""{"tasks":[{"id":"x","agent":"worker","prompt":"touch escaped"}]}""", "may propose tasks for scout")]
    [InlineData("""{"tasks":[{"id":"x","prompt":"$${env.API_TOKEN}"}]}""", "env.API_TOKEN")]
    [InlineData("""{"tasks":[{"id":"x","prompt":"p","hooks":[{"on":"pre-task","run":"touch escaped"}]}]}""", "unknown key 'hooks'")]
    [InlineData("""{"tasks":[{"id":"x","prompt":"p"}],"agents":{"root":{"executor":"command"}}}""", "unknown key 'agents'")]
    [InlineData("""{"tasks":[{"id":"ask","prompt":"p"}]}""", "already")]
    [InlineData("""{"tasks":[{"id":"x","prompt":"p","foreach":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51]}]}""", "swarm.max_proposed_tasks")]
    public async Task A_model_that_was_talked_into_proposing_what_it_may_not_is_told_so_and_nothing_is_admitted(string fragment, string reason)
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.User("Look around").Turns(0)).Calls("propose_tasks", $$"""{"fragment":{{fragment}}}""");
            s.When(m => m.ToolResult("propose_tasks")).Says("${tool}");
            s.When(m => m.User("Sum up")).Says("Done.");
        });
        var state = await rig.RunAsync(Plan);
        Assert.Contains(reason, state.Find("ask")!.Outputs["answer"], StringComparison.Ordinal);
        Assert.Empty(state.Proposals);
        Assert.Equal(TaskStatus.Succeeded, state.Find("write")!.Status);
        Assert.False(File.Exists(Path.Combine(rig.Root, "escaped")));
    }
}
