using System.Diagnostics;
using Skep.Orchestration;

namespace Skep.Bench;

/// <summary>Recovering a run: reading and folding 100,000 events.</summary>
internal static class Fold
{
    public static async Task RunAsync(Table table)
    {
        await using var rig = new Rig();
        var plan = BenchPlans.Layers(34_000, 500, 512);
        await rig.RunAsync(plan, "run");
        var stored = rig.Host.Store.Read("run").Take(100_000).ToList();
        var (read, fold, load) = (double.MaxValue, double.MaxValue, double.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            var clock = Stopwatch.StartNew();
            var count = rig.Host.Store.Read("run", 1, 100_000).Count();
            read = Math.Min(read, clock.Elapsed.TotalSeconds);

            var state = RunState.For(plan);
            clock.Restart();
            foreach (var e in stored)
            {
                var recorded = EventCodec.Decode(e);
                Queen.Apply(state, recorded.Event, recorded.At);
            }

            fold = Math.Min(fold, clock.Elapsed.TotalSeconds);
            clock.Restart();
            RunLog.Load(rig.Host.Store, "run", plan);
            load = Math.Min(load, clock.Elapsed.TotalSeconds);
            if (count != stored.Count || stored.Count != 100_000) throw new InvalidOperationException($"{count} events");
        }

        table.Row("decode and fold 100,000 events", $"{fold:0.000} s", $"reading them from the store {read:0.000} s", fold / read, "< 0.5 s", fold < 0.5);
        table.Row("recover that run of 34,000 tasks: read, decode, fold its whole log", $"{load:0.000} s", $"folding 100,000 events {fold:0.000} s", load / fold, "", null);
    }
}
