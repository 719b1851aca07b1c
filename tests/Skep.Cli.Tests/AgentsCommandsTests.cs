using System.Text.Json;

namespace Skep.Cli.Tests;

/// <summary><c>skep agents</c>, and runs of plans whose agents stand in files.</summary>
public class AgentsCommandsTests
{
    private const string Researcher = "---\nname: researcher\nversion: \"1.2\"\ndescription: Finds and reads sources\ncapabilities: [research, rust]\nmodel: p/large\ntools: Read, Grep, WebFetch\ncolor: red\n---\nYou find sources.\n\u202ERed.\n";
    private const string Writer = "---\nname: writer\ndescription: Writes reports\nmodel: p/small\ntools: [write_file]\n---\nYou write.\n";

    [Fact]
    public async Task Agents_are_listed_with_where_they_stand()
    {
        using var cli = Project();
        cli.File(".claude/agents/researcher.md", Researcher.Replace("1.2", "3", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "list"));
        Assert.Equal(
            """
            NAME        VERSION  MODEL    SOURCE                        ROLE
            researcher  3        p/large  .claude/agents/researcher.md  Finds and reads sources
            writer               p/small  agents/writer.md              Writes reports

            """, cli.Out);
        cli.Terminal = new FakeTerminal(true);
        await cli.RunAsync("agents", "list");
        Assert.Contains("agents/researcher.md  Finds and reads sou…\n", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "list", "--all", "--json"));
        var all = JsonDocument.Parse(cli.Out).RootElement;
        Assert.Equal([".claude/agents/researcher.md", "agents/researcher.md", "agents/writer.md"], all.EnumerateArray().Select(a => a.GetProperty("source").GetString()));
        Assert.Equal(".claude/agents/researcher.md", all[1].GetProperty("shadowed_by").GetString());
    }

    [Fact]
    public async Task Agents_at_home_and_in_a_plan_count_as_well()
    {
        using var cli = Project();
        var home = Path.Combine(Path.GetDirectoryName(cli.Project)!, "home");
        cli.File(Path.Combine(home, ".skep/agents/helper.md"), Writer.Replace("name: writer", "name: helper", StringComparison.Ordinal));
        cli.Environment["HOME"] = home;
        cli.File("plan.yaml", "plan: x\nagents: { own: { from: researcher@1, role: Looks } }\ntasks: [{ id: t, agent: own, prompt: p }]\n");
        await cli.RunAsync("agents", "list", "--plan", "plan.yaml", "--json");
        Assert.Equal(["own", "researcher", "writer", "helper"], JsonDocument.Parse(cli.Out).RootElement.EnumerateArray().Select(a => a.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task An_empty_project_is_told_how_to_begin()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "list"));
        Assert.Contains("no agents yet; write one into " + Path.Combine(cli.Project, ".skep/agents"), cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("agents", "match", "rust"));
        Assert.Contains("there are no agents here", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_is_shown_whole_and_harmless()
    {
        using var cli = Project();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "show", "researcher@1"));
        Assert.Equal(
            """
            researcher 1.2
              source          agents/researcher.md
              role            Finds and reads sources
              capabilities    research, rust
              executor        chat
              model           p/large
              tools           read_file, search_files, WebFetch
              permissions     default
              not available   WebFetch (unless a host or an MCP server brings them)

              | You find sources.
              | Red.

            """, cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "show", "researcher", "--json"));
        var json = JsonDocument.Parse(cli.Out).RootElement;
        Assert.Equal(("researcher", "default", "You find sources.\n\u202ERed."), (json.GetProperty("name").GetString(), json.GetProperty("permission_mode").GetString(), json.GetProperty("system").GetString()));
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_explained()
    {
        using var cli = Project();
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("agents", "show", "reseacher"));
        Assert.Contains("did you mean 'researcher'?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("agents", "show", "researcher@2"));
        Assert.Contains("there is no version 2 of agent 'researcher'; there is 1.2", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("agents", "list", "--project", "nowhere"));
    }

    [Fact]
    public async Task Agents_are_matched_by_words_and_the_reasons_are_told()
    {
        using var cli = Project();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "match", "needs rust and knitting"));
        Assert.Equal("0.39  researcher  (agents/researcher.md)\n      capability 'rust'; nothing about 'knitting'\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "match", "reports", "--limit", "1", "--json"));
        var best = JsonDocument.Parse(cli.Out).RootElement[0];
        Assert.Equal(("writer", 0.5, "role 'reports'"), (best.GetProperty("name").GetString(), best.GetProperty("score").GetDouble(), best.GetProperty("why")[0].GetString()));
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("agents", "match", "knitting"));
        Assert.Contains("none of 2 agents fits 'knitting'", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("agents", "match", "x", "--limit", "0"));
    }

    [Fact]
    public async Task Agent_files_are_checked_all_at_once()
    {
        using var cli = Project();
        cli.File("bad.md", "---\nname: bad one\ntemperature: 9\n---\nx\n");
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("agents", "check", "agents/writer.md", "bad.md", "none.md"));
        Assert.Equal("agents/writer.md: agent writer is valid: tools write_file\n", cli.Out);
        Assert.Contains("bad.md:3:14: error[out-of-range]: 'temperature' must be from 0 to 2, not 9\n  3 | temperature: 9\n    |              ^\n", cli.Error, StringComparison.Ordinal);
        Assert.Contains("bad.md:2:7: error[bad-id]", cli.Error, StringComparison.Ordinal);
        Assert.Contains("there is no agent file 'none.md'", cli.Error, StringComparison.Ordinal);
        Assert.Contains("error: 2 of 3 agent files cannot be used", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "check", "agents/researcher.md", "--json"));
        var findings = JsonDocument.Parse(cli.Out).RootElement[0].GetProperty("findings");
        Assert.Equal(["unknown-tool", "ignored-key"], findings.EnumerateArray().Select(f => f.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task The_published_schemas_are_the_programs()
    {
        using var cli = new Harness();
        foreach (var (group, file) in new[] { ("agents", "agent.schema.json"), ("plan", "plan.schema.json") })
        {
            await cli.RunAsync(group, "schema");
            Assert.Equal(File.ReadAllText(Path.Combine(Root(), "schemas", file)), cli.Out);
        }
    }

    [Fact]
    public async Task A_finding_in_an_agent_file_shows_the_line_of_that_file()
    {
        using var cli = new Harness();
        cli.File("plans/agents/a.md", "---\nname: a\ndescription: d\nwindow: 3\n---\nx\n");
        cli.File("plans/plan.yaml", "plan: x\nagents: { a: { from: agents/a.md } }\ntasks: [{ id: t, agent: a, prompt: p }]\n");
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("plan", "check", "plans"));
        Assert.StartsWith("plans/agents/a.md:4:9: error[out-of-range]: 'window' must be from 512 to 100000000, not 3\n  4 | window: 3\n    |         ^\n", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_run_keeps_the_agent_files_that_it_began_with()
    {
        using var cli = await InterruptedAsync();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "-q", "--no-report"));
        Assert.DoesNotContain("has changed", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_run_does_not_read_agent_files_that_have_changed()
    {
        using var cli = await InterruptedAsync();
        cli.File("agents/researcher.md", Researcher.Replace("Finds", "Loses", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "-q", "--no-report"));
        Assert.Contains("or an agent file that it uses, has changed since; the run follows the plan that it began with", cli.Error, StringComparison.Ordinal);
        await using var store = cli.Reader();
        var plan = PlanReader.Read(RunReader.PlanText(store, new BlobStore(SkepFolder.Find(cli.Project)!.BlobsPath), "one")).Plan!;
        Assert.Equal("Finds and reads sources", plan.Agents.Single().Role);
    }

    /// <summary>A run of a plan with an agent file that has stopped in the middle.</summary>
    private static async Task<Harness> InterruptedAsync()
    {
        var cli = Project();
        cli.File("plan.yaml", "plan: demo\nagents: { r: { from: agents/researcher.md, executor: command, tools: [] } }\ntasks:\n  - { id: a, agent: r, run: once }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "one", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        cli.Signals.Send(ExitCodes.Interrupted);
        await run;
        return cli;
    }

    private static Harness Project()
    {
        var cli = new Harness();
        cli.File("agents/researcher.md", Researcher);
        cli.File("agents/writer.md", Writer);
        return cli;
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Skep.slnx"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("the repository is not around the tests");
        return at;
    }
}
