using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

public sealed class ReportHostileTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("]]> --> <!-- </style></title></pre></details>")]
    [InlineData("🐝 \ud83d lone \u0000\u0008\u000b\uffff\ufffe \u001b]0;title\u0007\u001b[2J\u202e")]
    [InlineData("a | b\n\n# heading\n- [x](javascript:alert(1)) `code` **bold**")]
    public void Foreign_text_stays_text_everywhere(string text)
    {
        var report = Report(text);
        var page = ReportTests.Parse(report.ToHtml());
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', report.ToHtml());
        Assert.DoesNotContain('\u202e', report.ToMarkdown());
        Assert.DoesNotContain('\u001b', report.ToMarkdown());
    }

    [Fact]
    public void Any_text_at_all_gives_a_well_formed_page() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(100),
        Prop.ForAll(Gen.Choose(0, 0xFFFF).Select(c => (char)c).ArrayOf().ToArbitrary(), chars =>
            ReportTests.Parse(Report(new string(chars)).ToHtml()).Root is not null));

    [Fact]
    public void Cells_of_markdown_tables_do_not_break_out()
    {
        var text = Report("a | b\nc `d` \\| e").ToMarkdown();
        foreach (var block in text.Split("\n\n").Where(b => b.StartsWith('|')))
        {
            var widths = block.TrimEnd().Split('\n').Select(Cells).ToList();
            Assert.All(widths, w => Assert.Equal(widths[0], w));
        }
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u009b1mbold", "bold")]
    [InlineData("cut \u001b[38;5", "cut ")]
    [InlineData("a\u001b]unterminated\nb", "a\nb")]
    [InlineData("\u001b(Bascii", "ascii")]
    [InlineData("plain [31m stays", "plain [31m stays")]
    public void Terminal_sequences_are_taken_out(string log, string expected) => Assert.Equal(expected, TerminalText.Strip(log));

    [Fact]
    public void A_progress_bar_shows_what_stood_there_last() =>
        Assert.Equal("done 100%\nnext", ReportText.Tail("done 10%\rdone 50%\rdone 100%\r\nnext\n"));

    [Fact]
    public void A_long_log_keeps_its_end_and_starts_with_a_whole_line()
    {
        var tail = ReportText.Tail(string.Join('\n', Enumerable.Range(0, 5_000).Select(i => $"line {i}")), 100);
        Assert.EndsWith("line 4999", tail, StringComparison.Ordinal);
        Assert.StartsWith("line ", tail, StringComparison.Ordinal);
        Assert.InRange(tail.Length, 80, 100);
    }

    /// <summary>Cells of a row: bars that are not escaped.</summary>
    private static int Cells(string row) => row.Replace("\\\\", "", StringComparison.Ordinal).Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|');

    private static RunReport Report(string text)
    {
        var task = ReportPlans.Task("t", "", 2) with { Title = text, Agent = "a" };
        var gate = new GateSpec { Id = "g", Title = text, Phase = "main", Kind = GateKinds.Command, Run = new CommandSpec { Script = text } };
        var plan = ReportPlans.Of(1, new Phase { Id = "main", Title = text, Tasks = [task, task with { Id = text + "x" }], Gates = [gate] }) with
        {
            Name = text,
            Goal = text,
            Version = text,
            Agents = [new AgentSpec { Id = "a" }],
        };
        var state = ScriptedRun.Play(plan, (key, attempt) => key == "t" && attempt == 2
            ? new Scripted(1, new AttemptResult
            {
                Outcome = AttemptOutcome.Succeeded,
                Outputs = new Dictionary<string, string> { [text] = text },
                Artifacts = [new Artifact(text, text, 5)],
                Evidence = text,
                LogTail = text,
                LogFile = text,
            })
            : Scripted.Fail(1, text, text), interference: [(0.5, new ReportMetric(text, 1, "t"))]);
        return RunReport.Build(state, ScriptedRun.Options());
    }
}
