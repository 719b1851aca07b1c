using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

/// <summary>A run with a bit of everything: retries, a lost attempt, a fan-out, gates, artifacts, metrics, a failure and what hangs on it.</summary>
internal static class SampleRun
{
    public static Plan Plan() => ReportPlans.Of(4,
        new Phase
        {
            Id = "prepare",
            Title = "Prepare the corpus",
            Tasks = [In("prepare", Task("fetch", "", "Fetch the sources", "collector")), In("prepare", Task("clean", "fetch", "Normalise and deduplicate", "collector", 3)), In("prepare", Task("split", "clean", "Split by language", "collector"))],
            Gates = [Gate("prepare", "corpus-size", "documents", Comparison.AtLeast, 10_000)],
        },
        new Phase
        {
            Id = "embed",
            Title = "Embed",
            Needs = [new Need("prepare")],
            Checkpoint = true,
            Tasks =
            [
                In("embed", Task("shard", "", "Embed one shard", "embedder", 3)) with { ForeachItems = [.. Enumerable.Range(0, 6).Select(i => PlanValue.Of(i))] },
                In("embed", Task("merge", "shard", "Merge the index", "embedder")),
                In("embed", Task("tune", "merge", "Tune parameters", "embedder")) with { Tier = Tier.Experimental },
            ],
            Gates = [Gate("embed", "recall", "recall", Comparison.AtLeast, 0.95), Gate("embed", "latency", "p95_ms", Comparison.AtMost, 40)],
        },
        new Phase
        {
            Id = "release",
            Title = "Verify and release",
            Needs = [new Need("embed")],
            Tasks =
            [
                In("release", Task("smoke", "", "Smoke tests", "verifier", 2)), In("release", Task("load-test", "", "Load test against the staging cluster", "verifier", 2)),
                In("release", Task("docs", "", "Update the runbook", "writer")), In("release", Task("licences", "", "Collect licences", "writer")) with { AllowFailure = true },
                In("release", Task("publish", "smoke load-test docs", "Publish the index", "collector")), In("release", Task("announce", "publish", "Tell everybody", "writer")),
                In("release", Task("rollback", "", "Roll back", "collector")) with { Needs = [new Need("load-test", NeedOn.Failure)] },
            ],
            Gates = [Gate("release", "error-rate", "error_rate", Comparison.Less, 0.01)],
        }) with
    {
        Name = "embeddings-migration",
        Goal = "Re-embed the corpus with the code model and switch search over without losing recall.",
        Version = "2",
        Agents = [.. new[] { "collector", "embedder", "verifier", "writer" }.Select(a => new AgentSpec { Id = a, Replicas = a == "embedder" ? 3 : 2 })],
    };

    public static Scripted Script(string key, int attempt) => (key, attempt) switch
    {
        ("fetch", _) => Used(Scripted.Ok(48, ("documents", "12480"), ("bytes", "913442817")), 21_400, 310, new Artifact("corpus.tar.zst", new string('a', 40) + "f00d", 913_442_817)),
        ("clean", 1) => Used(Scripted.Fail(31, "exit code 1: out of memory while deduplicating", "loading 12480 documents\n\u001b[33mwarning:\u001b[0m bucket 7 is large\n\u001b[31mMemoryError\u001b[0m: cannot allocate 2.1 GiB\n"), 29_000, 4_096),
        ("clean", 2) => Scripted.Lose(12),
        ("clean", _) => Used(Scripted.Ok(55, ("kept", "11902")), 51_000, 1_900),
        ("split", _) => Used(Scripted.Ok(9, ("languages", "go rust python typescript java"), ("largest", "python"), ("smallest", "go"), ("skipped", "3")), 8_800, 220),
        ("merge", _) => Used(Scripted.Ok(37, ("vectors", "1190200")), 36_000, 2_300, new Artifact("index/hnsw.bin", "c0ffee" + new string('1', 58), 2_313_441_280), new Artifact("index/manifest.json", "beef" + new string('2', 60), 4_812)),
        ("tune", _) => Used(Scripted.Ok(21), 20_000, 800),
        ("smoke", 1) => Scripted.Fail(14, "exit code 2: 1 of 48 tests failed", "47 passed, 1 failed\n  search_returns_recent: expected 10 hits, got 9\n"),
        ("smoke", _) => Used(Scripted.Ok(15), 9_000, 140),
        ("load-test", _) => Scripted.Fail(44 + attempt, "exit code 1: p99 latency 812 ms exceeds 500 ms", "ramping to 400 requests/s\nt=10s  p50=31ms p95=118ms p99=402ms\nt=20s  p50=38ms p95=240ms p99=698ms\nt=30s  p50=44ms p95=391ms p99=812ms\n\u001b[1;31mFAIL\u001b[0m p99 over budget <500 ms>\n"),
        ("docs", _) => Scripted.Ok(26, ("pages", "7")),
        ("licences", _) => Scripted.Fail(5, "3 packages without a licence file", retryable: false),
        ("rollback", _) => Scripted.Ok(12),
        ("gate/latency", _) => new Scripted(0.2, new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = "p95_ms = 31.5, wanted <= 40" }),
        ("gate/recall", _) => new Scripted(0.2, new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = "recall = 0.9712, wanted >= 0.95" }),
        ("gate/corpus-size", _) => new Scripted(0.2, new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = "documents = 12480, wanted >= 10000" }),
        ("shard[2]", 1) => Scripted.Fail(20, "exit code 137: killed", "batch 40 of 128\nkilled\n"),
        _ when key.StartsWith("shard", StringComparison.Ordinal) => Used(Scripted.Ok(40 + (key[6] * 7 % 23), ("vectors", "198366")), 118_000, 1_450),
        _ => Scripted.Ok(10),
    };

    public static RunState Play(int? concurrency = null, string run = "embeddings-0301-1200-k3") => ScriptedRun.Play(
        Plan(), Script, concurrency: concurrency, run: run, interference:
        [
            (47, new ReportMetric("documents", 12_480, "fetch")), (300, new ReportMetric("recall", 0.9712, "merge")),
            (301, new ReportMetric("p95_ms", 31.5, "merge")), (302, new ReportMetric("tokens", 1_284_000, null)),
        ]);

    private static Scripted Used(Scripted what, long cpuMs, long mib, params Artifact[] artifacts) =>
        what with { Result = what.Result with { CpuMs = cpuMs, PeakRssBytes = mib << 20, Artifacts = artifacts, LogTail = what.Result.LogTail.Length > 0 ? what.Result.LogTail : "done\n" } };

    private static PlanTask Task(string id, string needs, string title, string agent, int attempts = 1) =>
        ReportPlans.Task(id, needs, attempts) with { Title = title, Agent = agent };

    private static PlanTask In(string phase, PlanTask task) => task with { Phase = phase };

    private static GateSpec Gate(string phase, string id, string metric, Comparison op, double value) =>
        new() { Id = id, Phase = phase, Kind = GateKinds.Metric, Metric = new MetricCheck(metric, op, value) };
}
