using System.Globalization;

namespace Skep.Orchestration.Tests.Gates;

/// <summary>The fixtures are what <c>skep-bench kernel --json</c> and BenchmarkDotNet 0.14 wrote: real measurements of SHA-256, unchanged and with half as much work again.</summary>
public sealed class BenchmarkGateTests
{
    private const string Gate = "{ benchmark: { report: now.json, baseline: hash } }";

    [Fact]
    public async Task The_first_pass_makes_the_baseline_and_says_so()
    {
        using var place = new GatePlace();
        place.File("now.json", Fixture("baseline.json"));
        var result = await place.CheckAsync(Gate);
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("there was no baseline 'hash'; this run made it", result.Evidence);
        Assert.True(File.Exists(Path.Combine(place.Workspace, ".skep", "baselines", "hash.json")));
        Assert.Contains("against 'hash'", (await place.CheckAsync(Gate)).Evidence);
    }

    [Fact]
    public async Task Unchanged_code_measured_again_passes_and_a_real_slow_down_fails()
    {
        using var place = new GatePlace();
        place.File(".skep/baselines/hash.json", Fixture("baseline.json"));
        place.File("now.json", Fixture("unchanged.json"));
        var unchanged = await place.CheckAsync(Gate);
        Assert.Equal(AttemptOutcome.Succeeded, unchanged.Outcome);
        place.File("now.json", Fixture("slower.json"));
        var slower = await place.CheckAsync(Gate);
        Assert.Equal((AttemptOutcome.Failed, false), (slower.Outcome, slower.Retryable));
        Assert.Contains("higher than the baseline", slower.Error);
        Assert.StartsWith("against 'hash', at most 10 % higher: REGRESSED sha256-64KiB: median", slower.Evidence, StringComparison.Ordinal);
        Assert.InRange(double.Parse(slower.Outputs["benchmark.worst_ratio"], CultureInfo.InvariantCulture), 1.2, 2.5);
    }

    [Fact]
    public async Task A_report_of_BenchmarkDotNet_is_read()
    {
        using var place = new GatePlace();
        place.File("now.json", Fixture("benchmarkdotnet-full.json"));
        var result = await place.CheckAsync("{ benchmark: { report: now.json, baseline: base.json, metric: '*Sha256*' } }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("Hashing.Sha256", result.Evidence);
        Assert.DoesNotContain("Sha512", result.Evidence);
        Assert.Contains("\"unit\": \"ns\"", File.ReadAllText(Path.Combine(place.Workspace, "base.json")));
    }

    [Fact]
    public async Task A_pass_leaves_the_baseline_as_it_is_unless_the_plan_says_otherwise()
    {
        using var place = new GatePlace();
        var baseline = place.File(".skep/baselines/hash.json", Of(10, 10.1));
        var before = File.ReadAllText(baseline);
        place.File("now.json", Of(9));
        await place.CheckAsync(Gate);
        Assert.Equal(before, File.ReadAllText(baseline));
        var result = await place.CheckAsync("{ benchmark: { report: now.json, baseline: hash, update: on-pass } }");
        Assert.Contains("the baseline was replaced", result.Evidence);
        Assert.NotEqual(before, File.ReadAllText(baseline));
    }

    [Fact]
    public async Task A_failure_never_touches_the_baseline()
    {
        using var place = new GatePlace();
        var baseline = place.File(".skep/baselines/hash.json", Of(10));
        place.File("now.json", Of(20));
        Assert.Equal(AttemptOutcome.Failed, (await place.CheckAsync("{ benchmark: { report: now.json, baseline: hash, update: on-pass } }")).Outcome);
        Assert.Equal(Of(10), File.ReadAllText(baseline));
    }

    [Fact]
    public async Task A_new_benchmark_joins_the_baseline_and_a_missing_one_is_a_failure()
    {
        using var place = new GatePlace();
        place.File("now.json", Named("a", "b"));
        place.File(".skep/baselines/hash.json", Named("a"));
        Assert.Contains("new, not compared: b; the baseline was extended", (await place.CheckAsync(Gate)).Evidence);
        place.File("now.json", Named("b"));
        Assert.Contains("the report lacks 'a'", (await place.CheckAsync(Gate)).Error);
    }

    [Theory]
    [InlineData("{}", "holds no measurements")]
    [InlineData("[1", "holds no measurements")]
    [InlineData("""{"benchmarks":[]}""", "no benchmark with samples")]
    [InlineData("""{"benchmarks":[{"name":"a","unit":"ms","samples":[1,2]}]}""", "has 2 samples of 'a'; the gate wants at least 10")]
    [InlineData("""{"benchmarks":[{"name":"a","unit":"ms","samples":[0]}]}""", "not a positive number")]
    [InlineData("""{"benchmarks":[{"name":"a","unit":"ms","samples":["x"]}]}""", "holds no measurements")]
    [InlineData("""{"benchmarks":[{"name":"a","unit":"ms","samples":[1]},{"name":"a","unit":"s","samples":[1]}]}""", "in ms and in s")]
    public async Task What_cannot_be_compared_fails_with_the_reason(string report, string reason)
    {
        using var place = new GatePlace();
        place.File("now.json", report);
        Assert.Contains(reason, (await place.CheckAsync(Gate)).Error);
    }

    [Fact]
    public async Task Noise_that_hides_an_answer_is_told()
    {
        using var place = new GatePlace();
        place.File(".skep/baselines/hash.json", """{"benchmarks":[{"name":"a","unit":"ms","samples":[10,30,12,28,14,26,16,24,18,22]}]}""");
        place.File("now.json", """{"benchmarks":[{"name":"a","unit":"ms","samples":[11,31,13,29,15,27,17,25,19,23]}]}""");
        Assert.Contains("not certain a:", (await place.CheckAsync(Gate)).Evidence);
    }

    [Fact]
    public async Task A_baseline_does_not_lead_out_of_the_workspace()
    {
        using var place = new GatePlace();
        place.File("now.json", Of(10));
        Directory.CreateSymbolicLink(Path.Combine(place.Workspace, "up"), Path.GetDirectoryName(place.Outside)!);
        Assert.Contains("leads out of its folder", (await place.CheckAsync("{ benchmark: { report: now.json, baseline: up/base.json } }")).Error);
        Assert.Contains("make ", (await place.CheckAsync("{ benchmark: { report: now.json, baseline: no/base.json } }")).Error);
    }

    private static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "benchmarks", name));

    private static string Of(params double[] around) => Text("a", around);

    private static string Named(params string[] names) =>
        $"{{\"benchmarks\":[{string.Join(',', names.Select(n => Entry(n, [10])))}]}}";

    private static string Text(string name, double[] around) => $"{{\"benchmarks\":[{Entry(name, around)}]}}";

    private static string Entry(string name, double[] around) =>
        $"{{\"name\":\"{name}\",\"unit\":\"ms\",\"samples\":[{string.Join(',', Enumerable.Range(0, 12).Select(i => (around[i % around.Length] + (i * 0.001)).ToString("R", CultureInfo.InvariantCulture)))}]}}";
}
