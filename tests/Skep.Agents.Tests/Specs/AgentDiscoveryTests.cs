using Skep.Agents.Specs;
using Skep.Plans;

namespace Skep.Agents.Tests.Specs;

public class AgentDiscoveryTests
{
    [Fact]
    public void The_nearest_folder_counts_and_the_rest_is_shadowed()
    {
        using var place = new AgentPlace();
        place.Agent("agents/a.md", "a", role: "third");
        place.Agent(".claude/agents/a.md", "a", role: "second");
        place.Agent(Path.Combine(place.Home, ".claude/agents/a.md"), "a", "9", "last");
        place.Agent(Path.Combine(place.Home, ".skep/agents/b.md"), "b");
        var catalog = place.Find();
        Assert.Equal(["second", "Does things"], catalog.Usable.Select(e => e.Spec.Role));
        Assert.Equal(["agents/a.md", "~/.claude/agents/a.md"], catalog.Entries.Where(e => e.ShadowedBy == ".claude/agents/a.md").Select(e => e.Source));
        Assert.Equal("~/.skep/agents/b.md", catalog.Require("b").Source);
        Assert.Empty(catalog.Problems);
    }

    [Fact]
    public void A_reference_with_a_version_finds_the_highest_that_begins_so()
    {
        using var place = new AgentPlace();
        foreach (var version in new[] { "1.2", "1.10", "2.0", "1.9.9" }) place.Agent($"agents/r-{version}.md", "r", version);
        place.Agent("agents/r.md", "r");
        var catalog = place.Find();
        Assert.Equal("agents/r-1.10.md", catalog.Require("r@1").Source);
        Assert.Equal("agents/r-1.9.9.md", catalog.Require("r@1.9").Source);
        Assert.Equal("agents/r-2.0.md", catalog.Require("r").Source);
    }

    [Theory]
    [InlineData("reseacher", "there is no agent 'reseacher'; did you mean 'researcher'? ('skep agents list' shows where they are looked for)")]
    [InlineData("researcher@3", "there is no version 3 of agent 'researcher'; there is 1.2")]
    [InlineData("researcher@new", "'researcher@new' is no agent: behind '@' stands a version such as researcher@1 or researcher@1.2")]
    public void A_name_that_means_nothing_is_explained(string reference, string message)
    {
        using var place = new AgentPlace();
        place.Agent("agents/researcher.md", "researcher", "1.2");
        Assert.Equal(message, Assert.Throws<AgentFileException>(() => place.Find().Require(reference)).Message);
    }

    [Fact]
    public void Text_about_agents_is_no_agent_and_broken_agents_are_told()
    {
        using var place = new AgentPlace();
        place.File("agents/README.md", "# Our agents\n");
        place.File("agents/notes.txt", "---\nname: x\n---\n");
        place.File("agents/deep/bad.md", "---\nname: bad\ntemperature: 7\n---\nx\n");
        var catalog = place.Find();
        Assert.Empty(catalog.Entries);
        Assert.Equal("agents/deep/bad.md:3:14: error[out-of-range]: 'temperature' must be from 0 to 2, not 7", Assert.Single(catalog.Problems));
    }

    [Fact]
    public void Links_that_lead_out_are_refused()
    {
        using var place = new AgentPlace();
        place.Agent(Path.Combine(place.Outside, "secret.md"), "secret");
        place.Agent("agents/inside.md", "inside");
        File.CreateSymbolicLink(Path.Combine(place.Project, "agents/out.md"), Path.Combine(place.Outside, "secret.md"));
        File.CreateSymbolicLink(Path.Combine(place.Project, "agents/alias.md"), "inside.md");
        File.CreateSymbolicLink(Path.Combine(place.Project, "agents/circle.md"), "circle.md");
        Directory.CreateSymbolicLink(Path.Combine(place.Project, "agents/folder"), place.Outside);
        Directory.CreateDirectory(Path.Combine(place.Project, ".claude"));
        Directory.CreateSymbolicLink(Path.Combine(place.Project, ".claude/agents"), place.Outside);
        var catalog = place.Find();
        Assert.Equal(["inside", "inside"], catalog.Entries.Select(e => e.Spec.Id));
        Assert.Contains(catalog.Problems, p => p.StartsWith("the agent file 'agents/out.md' lies outside its folder", StringComparison.Ordinal));
        Assert.Contains(catalog.Problems, p => p.StartsWith("agents/folder is a link to a folder", StringComparison.Ordinal));
        Assert.Contains(catalog.Problems, p => p.StartsWith("the folder .claude/agents is a link out of the project", StringComparison.Ordinal));
        Assert.Contains(catalog.Problems, p => p.Contains("circle.md", StringComparison.Ordinal));
        Assert.Equal(4, catalog.Problems.Count);
    }

    [Fact]
    public void The_search_is_bounded_and_says_so()
    {
        using var place = new AgentPlace();
        for (var i = 0; i < 6; i++) place.Agent($"agents/a{i}.md", $"a{i}");
        place.Agent("agents/1/2/3/x.md", "x");
        var catalog = place.Find(new AgentDiscoveryLimits { MaxFiles = 4, MaxDepth = 2 });
        Assert.Equal(4, catalog.Entries.Count);
        Assert.Contains(catalog.Problems, p => p.StartsWith("there are more than 4 agent files", StringComparison.Ordinal));
        Assert.Contains(catalog.Problems, p => p.StartsWith("agents/1/2/3 lies more than 2 folders deep", StringComparison.Ordinal));
        Assert.Contains(place.Find(new AgentDiscoveryLimits { MaxEntries = 3 }).Problems, p => p.StartsWith("the folders of agents have more than 3 entries", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_too_large_or_no_text_is_told()
    {
        using var place = new AgentPlace();
        place.File("agents/large.md", "---\n" + new string('x', 4 * AgentFileReader.MaxChars));
        System.IO.File.WriteAllBytes(place.File("agents/latin.md", ""), [(byte)'-', 0xE9]);
        Assert.Equal(
            ["the agent file 'agents/large.md' has more than 1,048,576 bytes (is it an agent file?)", "the agent file 'agents/latin.md' is not UTF-8 text; save it as UTF-8"],
            place.Find().Problems);
    }

    [Fact]
    public void The_project_is_the_nearest_marked_folder_below_home()
    {
        using var place = new AgentPlace();
        var inner = Path.Combine(place.Project, "src/deep");
        Directory.CreateDirectory(inner);
        Assert.Equal(inner, AgentFolder.ProjectOf(inner, place.Project));
        Directory.CreateDirectory(Path.Combine(place.Project, ".git"));
        Assert.Equal(place.Project, AgentFolder.ProjectOf(inner, place.Home));
        Assert.Equal(inner, AgentFolder.ProjectOf(inner, place.Project));
    }

    [Fact]
    public void A_home_that_is_the_project_is_looked_into_once()
    {
        using var place = new AgentPlace();
        Assert.Equal(3, AgentFolder.Of(place.Home, place.Home).Count);
        Assert.Equal([".skep/agents", ".claude/agents", "agents", "~/.skep/agents", "~/.claude/agents"], place.Folders.Select(f => f.Shown));
    }
}
