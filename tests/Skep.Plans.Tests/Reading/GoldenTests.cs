namespace Skep.Plans.Tests.Reading;

/// <summary>What people read when a plan is wrong. To accept a change: set SKEP_ACCEPT to the source folder of the golden files and look at the difference.</summary>
public class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Reading", "Golden");

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Findings_read_as_recorded(string name)
    {
        var actual = PlanText.Report(File.ReadAllText(Path.Combine(Folder, name + ".yaml"))) + "\n";
        if (Environment.GetEnvironmentVariable("SKEP_ACCEPT") is { Length: > 0 } accept)
            File.WriteAllText(Path.Combine(accept, name + ".expected"), actual);
        else
            Assert.Equal(File.ReadAllText(Path.Combine(Folder, name + ".expected")), actual);
    }

    [Fact]
    public void The_sketch_of_the_design_is_accepted()
    {
        var plan = PlanText.Valid(File.ReadAllText(Path.Combine(Folder, "sketch.yaml")));
        Assert.Equal("embeddings-migration", plan.Name);
        Assert.Equal(new CommitteeSpec("pbft", 2, []).Tolerate, plan.Swarm.Committee!.Tolerate);
        Assert.Equal(TimeSpan.FromHours(2), plan.Swarm.Budget.Wall);
        Assert.Equal(4L * 1024 * 1024 * 1024, plan.Agents[1].Limits.MemoryBytes);
        Assert.Equal(["skep", "embed", "shard", "${item}"], plan.Phases[1].Tasks[0].Run!.Argv);
        Assert.Equal("memory.shards", plan.Phases[1].Tasks[0].Foreach!.Text);
        Assert.Equal("baseline.gate-1", plan.Phases[0].Gates[0].Id);
        Assert.Equal("baseline.recall >= 0.95", plan.Phases[0].Gates[0].Metric!.ToString());
        Assert.True(plan.Phases[1].Checkpoint);
        Assert.Equal(
            [
                new TriggerCondition("memory", Comparison.Greater, 90, "%", TimeSpan.FromMinutes(5)),
                new TriggerCondition("error_rate", Comparison.Greater, 5, "%", TimeSpan.FromMinutes(3)),
                new TriggerCondition("latency", Comparison.Greater, 10, "x", TimeSpan.FromMinutes(2)),
            ],
            plan.Triggers[0].Conditions);
    }
}
