using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

/// <summary>Plans for reports.</summary>
internal static class ReportPlans
{
    public static PlanTask Task(string id, string needs = "", int attempts = 1) => new()
    {
        Id = id,
        Phase = "main",
        Needs = [.. needs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => new Need(n))],
        Run = new CommandSpec { Argv = ["work", id] },
        Retry = RetryPolicy.None with { Attempts = attempts, Backoff = TimeSpan.FromSeconds(4), Jitter = 0 },
    };

    public static Plan Of(int concurrency, params PlanTask[] tasks) => Of(concurrency, [new Phase { Id = "main", Tasks = tasks }]);

    public static Plan Of(int concurrency, params Phase[] phases) => new()
    {
        Name = "sample",
        Phases = phases,
        // A lease beyond all durations: nobody sends heartbeats here.
        Swarm = new SwarmSettings { MaxConcurrency = concurrency, MaxAgents = concurrency, BatchSize = concurrency, Lease = TimeSpan.FromHours(1_000) },
    };

    /// <summary>A random DAG in one phase, with retries.</summary>
    public static Plan Random(int seed)
    {
        var random = new Random(seed);
        var tasks = Enumerable.Range(0, random.Next(1, 14)).Select(i =>
            Task($"t{i}", string.Join(' ', Enumerable.Range(0, i).Where(_ => random.Next(100) < 25).Select(j => $"t{j}")), random.Next(1, 4)) with
            {
                ForeachItems = random.Next(100) < 15 ? [.. Enumerable.Range(0, random.Next(0, 5)).Select(n => PlanValue.Of(n))] : null,
                AllowFailure = random.Next(100) < 20,
            });
        return Of(random.Next(1, 5), [.. tasks]);
    }

    /// <summary>Durations and outcomes for a random plan: the same for the same seed.</summary>
    public static Func<string, int, Scripted> RandomScript(int seed) => (key, attempt) =>
    {
        var random = new Random(seed ^ (key.Length * 7919) ^ (key[^1] * 104_729) ^ (attempt * 31));
        var seconds = random.Next(0, 40) / 2.0;
        return random.Next(100) switch
        {
            < 20 => Scripted.Fail(seconds, "it failed"),
            < 30 => Scripted.Lose(seconds),
            _ => Scripted.Ok(seconds),
        };
    };
}
