using Skep.Plans;

namespace Skep.Agents.Tests.Specs;

public class PlanAgentFilesTests
{
    [Fact]
    public void A_path_is_relative_to_the_plan_and_may_lie_in_the_workspace()
    {
        using var place = new AgentPlace();
        place.Agent("plans/agents/a.md", "a");
        place.Agent("agents/b.md", "b");
        var files = place.ForPlan("plans");
        Assert.Equal("agents/a.md", files.Open("agents/a.md").Path);
        Assert.Equal("../agents/b.md", files.Open("../agents/b.md").Path);
        Assert.Contains("name: b", files.Open("../agents/b.md").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_looked_up_in_the_folders()
    {
        using var place = new AgentPlace();
        place.Agent(".claude/agents/r1.md", "r", "1.4");
        place.Agent(".claude/agents/r2.md", "r", "2.0");
        Assert.Equal(".claude/agents/r1.md", place.ForPlan().Open("r@1").Path);
        Assert.Equal(".claude/agents/r2.md", place.ForPlan().Open("r").Path);
    }

    [Theory]
    [InlineData("/etc/passwd", "must be named relative to the plan")]
    [InlineData("~/agents/a.md", "must be named relative to the plan")]
    [InlineData("../../outside/a.md", "lies outside the plan's folder and the workspace")]
    [InlineData("agents/linked.md", "lies outside its folder (a link leads to")]
    [InlineData("agents/folder/a.md", "lies outside its folder (a link leads to")]
    [InlineData("agents/aa.md", "there is no agent file 'agents/aa.md'")]
    [InlineData("nowhere/a.md", "that folder does not exist")]
    [InlineData("agents/", "there is no agent file 'agents/'")]
    [InlineData("", "'from' is empty")]
    [InlineData("nobody", "there is no agent 'nobody'")]
    public void What_must_not_be_read_is_not(string reference, string message)
    {
        using var place = new AgentPlace();
        place.Agent(Path.Combine(place.Outside, "a.md"), "a");
        place.Agent("plans/agents/a.md", "a");
        File.CreateSymbolicLink(Path.Combine(place.Project, "plans/agents/linked.md"), Path.Combine(place.Outside, "a.md"));
        Directory.CreateSymbolicLink(Path.Combine(place.Project, "plans/agents/folder"), place.Outside);
        Assert.Contains(message, Assert.Throws<AgentFileException>(() => place.ForPlan("plans").Open(reference)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_with_agent_files_reads_the_same_when_they_are_gone()
    {
        using var place = new AgentPlace();
        var path = place.Agent("agents/a.md", "a", role: "Finds sources");
        var first = PlanReader.Read("plan: x\nagents: { r: { from: agents/a.md } }\ntasks: [{ id: t, agent: r, prompt: p }]", files: place.ForPlan());
        File.Delete(path);
        var again = PlanReader.Read(first.Text, files: place.ForPlan());
        Assert.Equal("Finds sources", again.Plan!.Agents.Single().Role);
        Assert.Equal(first.Text, again.Text);
    }
}
