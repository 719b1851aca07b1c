using Skep.Plans;

namespace Skep.Bench;

/// <summary>Plans of a given size, made in memory.</summary>
internal static class BenchPlans
{
    /// <summary>Layers of tasks; each needs two of the layer before.</summary>
    public static Plan Layers(int tasks, int width, int concurrency)
    {
        var list = new List<PlanTask>(tasks);
        for (var i = 0; i < tasks; i++)
        {
            var (layer, place) = (i / width, i % width);
            list.Add(Task(i, layer == 0 ? [] : [Id((layer - 1) * width + place), Id((layer - 1) * width + (place + 1) % width)]));
        }

        return Of(list, concurrency);
    }

    public static Plan Chain(int tasks) => Of([.. Enumerable.Range(0, tasks).Select(i => Task(i, i == 0 ? [] : [Id(i - 1)]))], 1);

    public static Plan Independent(int tasks, int concurrency, params string[] argv) =>
        Of([.. Enumerable.Range(0, tasks).Select(i => Task(i, []) with { Run = new CommandSpec { Argv = argv } })], concurrency);

    public static string Id(int i) => $"t{i}";

    private static PlanTask Task(int i, string[] needs) => new()
    {
        Id = Id(i),
        Phase = "main",
        Run = new CommandSpec { Argv = ["true"] },
        Needs = [.. needs.Distinct().Select(n => new Need(n))],
    };

    private static Plan Of(List<PlanTask> tasks, int concurrency) => new()
    {
        Name = "bench",
        Phases = [new Phase { Id = "main", Tasks = tasks }],
        Swarm = new SwarmSettings { MaxAgents = concurrency, MaxConcurrency = concurrency, BatchSize = concurrency },
    };
}
