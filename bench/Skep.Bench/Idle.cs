using System.Diagnostics;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Bench;

/// <summary>CPU use while eight agents work and nothing happens.</summary>
internal static class Idle
{
    public static async Task RunAsync(Table table)
    {
        var waiting = new Waiting();
        await using var rig = new Rig(waiting);
        var run = rig.RunAsync(BenchPlans.Independent(16, 8, "wait"), "idle");
        await waiting.AllStarted;
        await Task.Delay(1000);
        using var process = Process.GetCurrentProcess();
        var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(20));
        process.Refresh();
        var used = (process.TotalProcessorTime - cpu) / clock.Elapsed;
        waiting.Release();
        await run;
        table.Row("CPU of one core while 8 agents are waited for, 20 s", $"{used:0.000%}", "", null, "< 0.5 %", used < 0.005);
    }

    private sealed class Waiting : IExecutor
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public string Kind => ExecutorKinds.Command;

        public Task AllStarted => _started.Task;

        public void Release() => _release.TrySetResult();

        public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref _count) == 8) _started.TrySetResult();
            await using var beat = TimeProvider.System.CreateTimer(_ => context.Heartbeat(), null, request.HeartbeatEvery, request.HeartbeatEvery);
            await _release.Task.WaitAsync(cancel);
            return new AttemptResult { Outcome = AttemptOutcome.Succeeded };
        }
    }
}
