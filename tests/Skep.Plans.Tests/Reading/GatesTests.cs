namespace Skep.Plans.Tests.Reading;

public class GatesTests
{
    [Fact]
    public void Gates_of_all_kinds_are_read()
    {
        var gates = PlanText.Valid("""
            plan: p
            tasks: [{ id: a, run: x }]
            gates:
              - { deliverables: [out/a.txt, "${run.dir}/**/*.md"], min_bytes: 1KiB, all: false }
              - coverage: { report: "TestResults/**/*.xml", line: 85, branch: 80.5, paths: { "src/Skep.Storage/**": { line: 90 } } }
              - benchmark: { report: bench.json, baseline: hash, metric: "sha*", direction: higher, max_regression: 7.5%, samples: 20, update: on-pass }
              - approve: { of: [architect, security, ops], at_least: 2, timeout: 2h, ask: Ship it?, same_person: true }
            """).Gates.ToList();
        Assert.Equal(["deliverables", "coverage", "benchmark", "approve"], gates.Select(g => g.Kind));
        Assert.Equal((2, 1024, false), (gates[0].Deliverables!.Paths.Count, gates[0].Deliverables!.MinBytes, gates[0].Deliverables!.All));
        Assert.Equal("line >= 85 %, branch >= 80.5 %; src/Skep.Storage/**: line >= 90 %", gates[1].Display);
        Assert.Equal((0.075, true, 20, true), (gates[2].Benchmark!.MaxRegression, gates[2].Benchmark!.HigherIsBetter, gates[2].Benchmark!.Samples, gates[2].Benchmark!.UpdateOnPass));
        Assert.Equal("sha* at most 7.5 % lower than hash", gates[2].Display);
        Assert.Equal("2 approvals of architect, security, ops", gates[3].Display);
        Assert.Equal((TimeSpan.FromHours(2), true), (gates[3].Timeout, gates[3].Approval!.SamePerson));
    }

    [Fact]
    public void All_roles_must_approve_unless_the_plan_says_how_many() =>
        Assert.Equal("approval by dev, ops", Gate("approve: { of: [dev, ops] }").Display);

    [Theory]
    [InlineData("approve: { of: [dev, ops, dev] }", 4, "role 'dev' stands twice")]
    [InlineData("approve: { of: [dev], at_least: 2 }", 4, "the gate could never pass")]
    [InlineData("approve: { of: [], at_least: 1 }", 4, "names no role")]
    [InlineData("approve: { of: [a b] }", 4, "no identifier")]
    [InlineData("approve: { at_least: 1 }", 4, "needs the key 'of'")]
    [InlineData("coverage: { report: c.xml, line: 101 }", 4, "from 0 to 100")]
    [InlineData("coverage: { report: c.xml }", 4, "has no threshold")]
    [InlineData("coverage: { report: c.xml, paths: { 'src/': { line: 1 } } }", 4, "a glob names files")]
    [InlineData("coverage: { report: c.xml, paths: { '../src/**': { line: 1 } } }", 4, "without '..'")]
    [InlineData("coverage: { report: c.xml, paths: { 'src/**': {} } }", 4, "has no threshold; give 'line' or 'branch'")]
    [InlineData("coverage: { report: ../c.xml, line: 1 }", 4, "leads out of its folder")]
    [InlineData("deliverables: [/etc/passwd]", 4, "is absolute")]
    [InlineData("deliverables: []", 4, "must name 1 to 200 files")]
    [InlineData("deliverables: x, min_bytes: 0", 4, "at least 1 byte")]
    [InlineData("benchmark: { report: b.json, baseline: a/b }", 4, "names no baseline")]
    [InlineData("benchmark: { report: b.json, baseline: ../b.json }", 4, "leads out of its folder")]
    [InlineData("benchmark: { report: b.json, baseline: x, samples: 4 }", 4, "from 5 to 10000")]
    [InlineData("benchmark: { report: b.json, baseline: x, max_regression: -1% }", 4, "'max_regression' must be")]
    [InlineData("benchmark: { report: b.json, baseline: x, direction: down }", 4, "no value of 'direction'")]
    [InlineData("deliverables: a, run: x", 4, "a gate is of one kind")]
    [InlineData("deliverables: '${vars.nope}'", 4, "nope")]
    public void What_is_wrong_with_a_gate_is_told_where_it_stands(string gate, int line, string message)
    {
        var error = PlanText.OneError(Text(gate));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.At.Line);
    }

    [Fact]
    public void A_slip_in_the_mark_of_a_kind_is_guessed() =>
        Assert.Contains("did you mean 'deliverables'", PlanText.OneError(Text("deliverable: x")).Message, StringComparison.Ordinal);

    private static GateSpec Gate(string gate) => PlanText.Valid(Text(gate)).Gates.Single();

    private static string Text(string gate) => $"plan: p\ntasks: [{{ id: a, run: x }}]\ngates:\n  - {{ {gate} }}\n";
}
