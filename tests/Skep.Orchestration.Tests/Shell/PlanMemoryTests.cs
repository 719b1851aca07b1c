using Skep.Orchestration.Tests.Execution;

namespace Skep.Orchestration.Tests.Shell;

/// <summary>What tasks write outlives their run.</summary>
public sealed class PlanMemoryTests
{
    private const string Counter = """
        plan: counter
        tasks:
          - { id: read, shell: true, when: "tasks.seed.status == 'skipped'", needs: [seed], env: { LAST: "${memory.count}" }, run: 'echo "seen=$LAST" >> "$SKEP_OUTPUT"' }
          - { id: seed, when: "vars.seed", shell: true, run: 'echo "count=1" >> "$SKEP_OUTPUT"', writes: [count] }
        vars: { seed: false }
        """;

    [UnixFact]
    public async Task A_later_run_of_the_plan_sees_what_an_earlier_one_wrote_and_from_whom()
    {
        await using var hive = new Hive();
        await (await hive.StartAsync(Counter.Replace("seed: false", "seed: true", StringComparison.Ordinal), "first")).Completion.WaitAsync(Hive.Patience);
        var entry = hive.Host.Memory.Get("plan/counter/count")!;
        Assert.Equal(("1", "first", "seed/1", "worker-1"), (entry.Text, entry.Author.Run, entry.Author.Task, entry.Author.Agent));
        await (await hive.StartAsync(Counter, "second")).Completion.WaitAsync(Hive.Patience);
        Assert.Equal("1", hive.State("second").Find("read")!.Outputs["seen"]);
        Assert.Equal("1", hive.State("second").Info!.Memory!["count"]);
        Assert.Contains(RunReader.Events(hive.Host.Store, "first"), e => e.Event is MemoryStored { Task: "seed", Error: null });
    }

    [UnixFact]
    public async Task A_key_that_nobody_wrote_says_so()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync(Counter);
        Assert.Contains("memory has no 'count': no task of this run has written it, and no run of this plan had before this one began", state.Find("read")!.Reason, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task What_a_process_stored_before_it_could_say_so_is_not_stored_twice()
    {
        await using var hive = new Hive();
        var writes = new PlanWrites("p", [("k", "v")], new Memory.MemoryAuthor("worker-1", "a/1", "run-1"));
        Assert.Null(await PlanMemory.StoreAsync(hive.Host.Memory, writes, CancellationToken.None));
        Assert.Null(await PlanMemory.StoreAsync(hive.Host.Memory, writes, CancellationToken.None));
        Assert.Equal(1, hive.Host.Memory.Get("plan/p/k")!.Version);
        Assert.NotNull(await PlanMemory.StoreAsync(hive.Host.Memory, writes with { Values = [("not a key", "v")] }, CancellationToken.None));
    }
}
