using System.Text;

namespace Skep.Orchestration.Tests.Gates;

/// <summary>The fixture is what coverlet wrote about Skep.Plans.Tests, cut to some folders and with another source folder. Counted apart: 1407 of 1478 lines, 1306 of 1467 branches.</summary>
public sealed class CoverageGateTests
{
    private static readonly string Real = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "coverage", "plans.cobertura.xml"));

    [Fact]
    public async Task A_real_report_passes_what_it_reaches_and_the_figures_are_metrics()
    {
        using var place = new GatePlace();
        place.File("TestResults/1/coverage.cobertura.xml", Real);
        var result = await place.CheckAsync("{ coverage: { report: 'TestResults/**/coverage.cobertura.xml', line: 95, branch: 89, paths: { 'Validation/**': { line: 95 } } } }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("all files: line 95.19 % (1407/1478), wanted 95 %", result.Evidence);
        Assert.Contains("branch 89.02 % (1306/1467)", result.Evidence);
        Assert.Contains("95.39 % (456/478)", result.Evidence);
        Assert.Contains("worst: Validation/Rules/ContentRule.cs 70 % of 10", result.Evidence);
        Assert.Equal("95.1962", result.Outputs["coverage.line"]);
    }

    [Fact]
    public async Task A_real_report_fails_what_it_does_not_reach_and_says_which_threshold()
    {
        using var place = new GatePlace();
        place.File("c.xml", Real);
        var result = await place.CheckAsync("{ coverage: { report: c.xml, line: 95, branch: 90, paths: { '**/Expressions/**': { line: 95 } } } }");
        Assert.Equal(AttemptOutcome.Failed, result.Outcome);
        Assert.Equal("all files: branch 89.02 % (1306/1467), wanted 90 %; **/Expressions/**: line 94.47 % (667/706), wanted 95 %", result.Error);
        Assert.StartsWith("FAILED", result.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_named_relative_to_the_workspace_where_the_sources_lie_in_it()
    {
        using var place = new GatePlace();
        place.File("src/A/B.cs", "class B;");
        place.File("c.xml", Report(("B.cs", 1, 1), ("B.cs", 2, 0)).Replace("SOURCE", Path.Combine(place.Workspace, "src", "A"), StringComparison.Ordinal));
        var result = await place.CheckAsync("{ coverage: { report: c.xml, paths: { 'src/A/**': { line: 50 } } } }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
    }

    [Fact]
    public async Task A_report_that_was_made_in_another_folder_finds_its_files_here()
    {
        using var place = new GatePlace();
        place.File("src/Skep.Plans/Expressions/PlanValue.cs", "there");
        place.File("c.xml", Real);
        var result = await place.CheckAsync("{ coverage: { report: c.xml, paths: { 'src/Skep.Plans/Expressions/*': { line: 71.9 } } } }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("71.91 % (64/89)", result.Evidence);
    }

    [Fact]
    public async Task A_line_that_is_hit_in_any_report_is_covered()
    {
        using var place = new GatePlace();
        place.File("r/1.xml", Report(("a.cs", 1, 1), ("a.cs", 2, 0), ("a.cs", 3, 0)));
        place.File("r/2.xml", Report(("a.cs", 2, 5), ("a.cs", 3, 0), ("b.cs", 1, 0)));
        var result = await place.CheckAsync("{ coverage: { report: 'r/*.xml', line: 50 } }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("50.00 % (2/4)", result.Evidence);
        Assert.Contains("2 files in 2 reports", result.Evidence);
    }

    [Fact]
    public async Task A_share_right_at_the_threshold_passes()
    {
        using var place = new GatePlace();
        place.File("c.xml", Report([.. Enumerable.Range(1, 20).Select(i => ("a.cs", i, i <= 17 ? 1 : 0))]));
        Assert.Equal(AttemptOutcome.Succeeded, (await place.CheckAsync("{ coverage: { report: c.xml, line: 85 } }")).Outcome);
        Assert.Equal(AttemptOutcome.Failed, (await place.CheckAsync("{ coverage: { report: c.xml, line: 85.01 } }")).Outcome);
    }

    [Fact]
    public async Task Rates_that_a_report_states_are_not_believed()
    {
        using var place = new GatePlace();
        place.File("c.xml", Report(("a.cs", 1, 0)).Replace("<coverage", "<coverage line-rate=\"1\" lines-covered=\"9\" lines-valid=\"9\"", StringComparison.Ordinal));
        Assert.Equal(AttemptOutcome.Failed, (await place.CheckAsync("{ coverage: { report: c.xml, line: 1 } }")).Outcome);
    }

    [Fact]
    public async Task A_glob_that_matches_no_file_fails_with_what_there_is()
    {
        using var place = new GatePlace();
        place.File("c.xml", Report(("src/a.cs", 1, 1)));
        var result = await place.CheckAsync("{ coverage: { report: c.xml, paths: { 'sorce/**': { line: 1 } } } }");
        Assert.Equal("sorce/** matches no file of the reports (src/a.cs)", result.Error);
    }

    [Fact]
    public async Task A_document_type_is_skipped_and_nothing_is_fetched()
    {
        using var place = new GatePlace();
        place.File("c.xml", "<!DOCTYPE coverage SYSTEM \"http://127.0.0.1:1/coverage-04.dtd\">" + Report(("a.cs", 1, 1)));
        Assert.Equal(AttemptOutcome.Succeeded, (await place.CheckAsync("{ coverage: { report: c.xml, line: 100 } }")).Outcome);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_reports_are_refused_with_the_reason(string name, string xml, string reason)
    {
        using var place = new GatePlace();
        place.File("c.xml", xml);
        var result = await place.CheckAsync("{ coverage: { report: c.xml, line: 0 } }");
        Assert.True(result.Outcome == AttemptOutcome.Failed, name);
        Assert.Contains(reason, result.Error);
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "billion laughs", $"<!DOCTYPE coverage [<!ENTITY a \"ha\">{string.Concat(Enumerable.Range(0, 25).Select(i => $"<!ENTITY {(char)('b' + i)} \"&{(char)('a' + i)};&{(char)('a' + i)};\">"))}]><coverage>&z;</coverage>", "no report in Cobertura's format" },
        { "external entity", "<!DOCTYPE coverage [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><coverage><sources><source>&x;</source></sources></coverage>", "no report in Cobertura's format" },
        { "depth", "<coverage>" + string.Concat(Enumerable.Repeat("<a>", 1000)), "deeper than 32" },
        { "other root", "<html/>", "root element is 'html'" },
        { "cut off", "<coverage><packages>", "no report in Cobertura's format" },
        { "not XML", "\u0001\u0002{}", "no report in Cobertura's format" },
        { "empty", "", "no report in Cobertura's format" },
        { "no lines", "<coverage/>", "tell of no line" },
        { "line without class", "<coverage><line number=\"1\" hits=\"1\"/></coverage>", "outside of a class" },
        { "no number", "<coverage><class filename=\"a\"><line number=\"x\" hits=\"1\"/></class></coverage>", "number 'x'" },
        { "negative", "<coverage><class filename=\"a\"><line number=\"1\" hits=\"-1\"/></class></coverage>", "hits '-1'" },
        { "long name", $"<coverage><class filename=\"{new string('a', 5000)}\"><line number=\"1\" hits=\"1\"/></class></coverage>", "5000 characters" },
    };

    [Fact]
    public async Task A_report_beyond_the_size_bound_is_not_read()
    {
        using var place = new GatePlace();
        using (var file = File.Create(Path.Combine(place.Workspace, "c.xml"))) file.SetLength(Coverage.CoberturaReader.MaxBytes + 1);
        Assert.Contains("bytes are read", (await place.CheckAsync("{ coverage: { report: c.xml, line: 0 } }")).Error);
    }

    [Fact]
    public async Task A_missing_report_fails_and_says_what_to_look_for()
    {
        using var place = new GatePlace();
        Assert.Contains("no coverage report 'TestResults/*.xml'", (await place.CheckAsync("{ coverage: { report: 'TestResults/*.xml', line: 0 } }")).Error);
    }

    private static string Report(params (string File, int Line, int Hits)[] lines)
    {
        var xml = new StringBuilder("<coverage><sources><source>SOURCE</source></sources><packages><package><classes>");
        foreach (var (file, line, hits) in lines) xml.Append($"<class filename=\"{file}\"><methods/><lines><line number=\"{line}\" hits=\"{hits}\" branch=\"False\"/></lines></class>");
        return xml.Append("</classes></package></packages></coverage>").ToString().Replace("SOURCE", lines[0].File == "B.cs" ? "SOURCE" : "", StringComparison.Ordinal);
    }
}
