namespace Skep.Plans.Tests.Graph;

/// <summary>Builds plans in code.</summary>
internal static class PlanMaker
{
    public static Plan Of(params Phase[] phases) => new() { Name = "sample", Phases = phases };

    public static Phase Phase(string id, string needs = "", params PlanTask[] tasks) =>
        new() { Id = id, Needs = Needs(needs), Tasks = [.. tasks.Select(t => t with { Phase = id })] };

    public static PlanTask Task(string id, double minutes, string needs = "") =>
        new() { Id = id, Phase = "", Needs = Needs(needs), Estimate = TimeSpan.FromMinutes(minutes) };

    public static GateSpec Gate(string id, string phase, string needs = "") =>
        new() { Id = id, Phase = phase, Kind = GateKinds.Metric, Metric = new MetricCheck("recall", Comparison.AtLeast, 0.95), Needs = Needs(needs) };

    public static IReadOnlyList<Need> Needs(string ids) =>
        [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new Need(id))];

    /// <summary>A random DAG in one phase; tasks need earlier tasks only.</summary>
    public static Plan Random(int seed, int maxTasks = 9)
    {
        var random = new Random(seed);
        var count = random.Next(1, maxTasks + 1);
        var tasks = new PlanTask[count];
        for (var i = 0; i < count; i++)
        {
            var needs = Enumerable.Range(0, i).Where(_ => random.Next(100) < 30).Select(j => $"t{j}");
            tasks[i] = Task($"t{i}", random.Next(0, 8), string.Join(' ', needs)) with
            {
                Tier = (Tier)random.Next(4),
                Priority = random.Next(-2, 3),
            };
        }

        return Of(Phase("only", "", tasks));
    }
}
