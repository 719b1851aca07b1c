using Skep.Plans.Reading;
using Skep.Plans.Reading.Agents;

namespace Skep.Plans.Tests.Agents;

/// <summary>Plans whose agents come from files.</summary>
public class AgentFromFileTests
{
    private const string Researcher = "---\nname: researcher\ndescription: Finds sources\nmodel: p/large\ntools: Read, WebFetch\ncolor: red\nlimits: { turns: 9, timeout: 5m }\n---\nYou find sources.\r\n\n";
    private const string Plan = "plan: x\nagents:\n  r: { from: agents/researcher.md, model: p/small, limits: { turns: 3 } }\ntasks: [{ id: t, agent: r, prompt: p }]";

    [Fact]
    public void Keys_of_the_plan_win_over_those_of_the_file()
    {
        var agent = Read(Plan).Plan!.Agents.Single();
        Assert.Equal(("r", "Finds sources", "p/small", "You find sources."), (agent.Id, agent.Role, agent.Model, agent.SystemPrompt));
        Assert.Equal(new AgentLimits(Timeout: TimeSpan.FromMinutes(5), Turns: 3), agent.Limits);
        Assert.Equal(new SourceSpan(3, 3, 1), agent.At);
    }

    [Fact]
    public void The_text_that_is_kept_needs_no_file_and_yields_the_same_plan()
    {
        var first = Read(Plan);
        var again = PlanReader.Read(first.Text);
        Assert.True(again.IsValid);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Plan!.Agents.Single().SystemPrompt, again.Plan!.Agents.Single().SystemPrompt);
        Assert.Equal(first.Diagnostics, again.Diagnostics);
        Assert.Equal([new AgentFileText("agents/researcher.md", Researcher)], again.AgentFiles);
    }

    [Fact]
    public void A_file_that_has_changed_since_is_not_read_again()
    {
        var kept = Read(Plan).Text;
        var again = PlanReader.Read(kept, files: new Files { ["agents/researcher.md"] = Researcher.Replace("Finds", "Loses", StringComparison.Ordinal) });
        Assert.Equal("Finds sources", again.Plan!.Agents.Single().Role);
    }

    [Fact]
    public void A_plan_without_agent_files_is_kept_as_it_is()
    {
        const string text = "plan: x\ntasks: [{ id: t, run: x }]";
        Assert.Equal(text, PlanReader.Read(text).Text);
    }

    [Fact]
    public void What_the_file_says_to_other_programs_is_told_in_one_line()
    {
        var findings = Read(Plan).Diagnostics.Select(d => d.Format("plan.yaml"));
        Assert.Equal(
            [
                "plan.yaml:3:14: warning[unknown-tool]: skep has no tools WebFetch, which the agent file names; the agent has them only where a host or an MCP server brings them",
                "plan.yaml:3:14: warning[ignored-key]: of the agent file these have no effect: color; 'skep agents check' says why",
            ],
            findings.OrderDescending());
    }

    [Fact]
    public void Errors_of_a_file_stand_at_their_place_in_the_file()
    {
        var result = PlanReader.Read(Plan, files: new Files { ["agents/researcher.md"] = "---\nname: a\ntemperature: 9\n---\nx" });
        Assert.Null(result.Plan);
        Assert.Contains("agents/researcher.md:3:14: error[out-of-range]: 'temperature' must be from 0 to 2, not 9", result.Diagnostics.Select(d => d.Format("plan.yaml")));
    }

    [Theory]
    [InlineData("from: agents/reseacher.md", "plan.yaml:3:14: error[bad-agent-file]: there is no agents/reseacher.md")]
    [InlineData("from: '${vars.x}'", "'from' takes a text as it is")]
    [InlineData("from: [a]", "'from' must be a text")]
    [InlineData("from: \"a\\nb\"", "the name of an agent file has no control characters")]
    public void A_reference_that_leads_nowhere_is_explained(string from, string message) =>
        Assert.Contains(message, string.Join('\n', PlanReader.Read($"plan: x\nagents:\n  r: {{ {from} }}\ntasks: [{{ id: t, agent: r, prompt: p }}]", files: new Files()).Diagnostics.Select(d => d.Format("plan.yaml"))), StringComparison.Ordinal);

    [Fact]
    public void Without_a_way_to_files_a_plan_with_files_is_an_error() =>
        Assert.Contains("is not part of this text, and files are not looked for here", PlanText.Report(Plan), StringComparison.Ordinal);

    [Fact]
    public void Kept_files_that_are_damaged_are_an_error()
    {
        var kept = Read(Plan).Text + "stray line\n";
        Assert.Contains("plan.yaml:19:1: error[bad-agent-file]: the agent files that are kept below the plan are damaged here", PlanText.Report(kept), StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_of_a_file_that_is_used_twice_is_read_once()
    {
        var files = new Files { ["a.md"] = Researcher };
        var result = PlanReader.Read("plan: x\nagents: { a: { from: a.md }, b: { from: a.md } }\nteams: { t: [a, b] }\ntasks: [{ id: t1, agent: t, prompt: p }]", files: files);
        Assert.Equal(["a", "b"], result.Plan!.Agents.Select(a => a.Id));
        Assert.Equal(1, files.Opened);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_text_of_a_file_is_kept_to_the_letter(int seed)
    {
        string[] pieces = ["\n", "\r\n", "#@ ", "#= ", "#| ", KeptAgentFiles.Header, "---", "a: b", " ", "é", "\r"];
        var random = new Random(seed);
        for (var i = 0; i < 1_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            var files = new Dictionary<string, AgentFileText> { ["a@1"] = new("x/a.md", text), ["b"] = new("b.md", text + "#@ c\n") };
            var bag = new DiagnosticBag(10);
            var (own, kept) = KeptAgentFiles.Split(KeptAgentFiles.Join("plan: x", files), bag);
            Assert.False(bag.HasErrors);
            Assert.Equal("plan: x\n", own);
            Assert.Equal(files.OrderBy(f => f.Key), kept.OrderBy(f => f.Key));
        }
    }

    private static PlanReadResult Read(string plan) => PlanReader.Read(plan, files: new Files { ["agents/researcher.md"] = Researcher });

    private sealed class Files : Dictionary<string, string>, IAgentFiles
    {
        public int Opened { get; private set; }

        public AgentFileText Open(string reference)
        {
            Opened++;
            return TryGetValue(reference, out var text) ? new AgentFileText(reference, text) : throw new AgentFileException($"there is no {reference}");
        }
    }
}
