using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

public sealed class ProcessTreeTests : IDisposable
{
    private static readonly CommandExecutorOptions Impatient = new() { KillGrace = TimeSpan.FromMilliseconds(300) };

    private readonly Workplace _place = new(Impatient);

    public void Dispose() => _place.Dispose();

    [LinuxFact]
    public async Task Cancelling_ends_the_whole_tree_even_what_ignores_TERM_or_left_the_session()
    {
        using var cancel = new CancellationTokenSource();
        const string script = """
            echo $$ >> pids
            (trap '' TERM; echo $(exec sh -c 'echo $PPID') >> pids; while :; do sleep 1; done) &
            setsid sh -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 1; done' &
            sh -c 'setsid sleep 1000 & echo $! >> pids'
            while [ $(wc -l < pids) -lt 4 ]; do sleep 0.01; done
            echo ready
            wait
            """;
        var running = _place.ExecuteAsync(_place.Script(script), cancel.Token);
        await _place.Context.Saw("ready");
        var pids = _place.Pids("pids");
        Assert.All(pids, pid => Assert.True(Workplace.IsAlive(pid)));

        await cancel.CancelAsync();
        var result = await running;

        Assert.Equal((AttemptOutcome.Cancelled, null), (result.Outcome, result.ExitCode));
        Assert.Equal(4, pids.Length);
        Assert.All(pids, pid => Assert.False(Workplace.IsAlive(pid)));
    }

    [UnixFact]
    public async Task A_process_that_heeds_TERM_can_finish_its_work()
    {
        using var place = new Workplace(new CommandExecutorOptions { KillGrace = Workplace.Patience });
        using var cancel = new CancellationTokenSource();
        var running = place.ExecuteAsync(place.Script("trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.01; done"), cancel.Token);
        await place.Context.Saw("ready");

        await cancel.CancelAsync();

        Assert.Equal(AttemptOutcome.Cancelled, (await running).Outcome);
        Assert.EndsWith("saved\n", (await running).LogTail, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task An_attempt_cancelled_before_its_start_starts_nothing()
    {
        var result = await _place.ExecuteAsync(_place.Script("touch started"), new CancellationToken(canceled: true));

        Assert.Equal(AttemptOutcome.Cancelled, result.Outcome);
        Assert.False(File.Exists(_place.PathOf("started")));
    }

    [LinuxFact]
    public async Task What_a_command_leaves_in_the_background_is_stopped_and_named()
    {
        var result = await _place.ShellAsync("sleep 1000 & echo $! > pids; setsid sleep 1000 >/dev/null 2>&1 & echo $! >> pids; echo done");

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.StartsWith("done\n[skep: stopped what the command left running: ", result.LogTail, StringComparison.Ordinal);
        Assert.All(_place.Pids("pids"), pid => Assert.False(Workplace.IsAlive(pid)));
    }

    [UnixFact]
    public async Task Background_writers_may_finish_before_they_are_stopped()
    {
        using var place = new Workplace(new CommandExecutorOptions { SettleTime = Workplace.Patience });

        var result = await place.ShellAsync("(while kill -0 $$ 2>/dev/null; do sleep 0.01; done; echo late) & echo early");

        Assert.Equal("early\nlate\n", result.LogTail);
    }

    [LinuxFact]
    public async Task A_stranger_that_holds_the_output_open_does_not_hang_the_attempt()
    {
        using var place = new Workplace(Impatient with { DrainTime = TimeSpan.FromMilliseconds(100) });
        // Without the mark in its environment, in a session of its own and without a parent it cannot be recognised.
        var result = await place.ShellAsync("env -i setsid sh -c 'echo $$ > pids; exec sleep 1000' & while ! [ -s pids ]; do sleep 0.01; done; echo done");

        try
        {
            Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
            Assert.Equal("done\n[skep: stopped reading the output: an unknown process still holds it open]\n", result.LogTail);
        }
        finally
        {
            _ = LibC.Kill(place.Pids("pids")[0], Signals.Kill);
        }
    }

    [LinuxFact]
    public async Task Pausing_stops_all_processes_and_continuing_wakes_them()
    {
        var running = _place.ExecuteAsync(_place.Script("echo $$ >> pids; sh -c 'echo $$ >> pids; echo ready; while ! [ -e go ]; do sleep 0.01; done; echo went'"));
        await _place.Context.Saw("ready");
        var pids = _place.Pids("pids");

        _place.Context.Suspend!(true);
        await Workplace.Eventually(() => pids.All(IsStopped), "all processes to stop");
        await File.WriteAllTextAsync(_place.PathOf("go"), "");
        Assert.False(running.IsCompleted);
        _place.Context.Suspend!(false);

        Assert.Equal("ready\nwent\n", (await running).LogTail);
    }

    [LinuxFact]
    public async Task A_paused_tree_can_be_cancelled()
    {
        using var place = new Workplace(new CommandExecutorOptions { KillGrace = Workplace.Patience });
        using var cancel = new CancellationTokenSource();
        var running = place.ExecuteAsync(place.Script("echo $$ > pids; trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.01; done"), cancel.Token);
        await place.Context.Saw("ready");
        place.Context.Suspend!(true);
        await Workplace.Eventually(() => IsStopped(place.Pids("pids")[0]), "the shell to stop");

        await cancel.CancelAsync();

        Assert.Equal(AttemptOutcome.Cancelled, (await running).Outcome);
        Assert.EndsWith("bye\n", (await running).LogTail, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task A_tree_that_exceeds_its_memory_limit_is_ended()
    {
        // Neither process exceeds the limit alone.
        const string hold = "x=$(head -c 40000000 /dev/zero | tr '\\0' x); sleep 1000";
        var request = _place.Script($"sh -c '{hold.Replace("'", "'\\''")}' & {hold}") with { Limits = new AgentLimits(MemoryBytes: 64 * 1024 * 1024) };

        var result = await _place.ExecuteAsync(request);

        Assert.Equal((AttemptOutcome.Failed, null), (result.Outcome, result.ExitCode));
        Assert.Matches("^memory limit of 64 MiB exceeded: the process tree held [0-9.]+ MiB$", result.Error);
        Assert.True(result.PeakRssBytes > 64 * 1024 * 1024);
    }

    [LinuxFact]
    public async Task A_tree_that_exceeds_its_CPU_limit_is_ended()
    {
        var request = _place.Script("sh -c 'while :; do :; done' & wait") with { Limits = new AgentLimits(CpuTime: TimeSpan.FromMilliseconds(300)) };

        var result = await _place.ExecuteAsync(request);

        Assert.Equal(AttemptOutcome.Failed, result.Outcome);
        Assert.Matches(@"^CPU time limit of 0\.3 s exceeded: the process tree used [0-9.]+ s$", result.Error);
        Assert.True(result.CpuMs >= 300);
    }

    [LinuxFact]
    public async Task The_kernel_backs_the_CPU_limit()
    {
        var result = await _place.ExecuteAsync(_place.Script("ulimit -S -t; ulimit -H -t") with { Limits = new AgentLimits(CpuTime: TimeSpan.FromSeconds(7)) });

        // The limit is set just after the start, which a fast shell may outrun; then it sees none.
        Assert.Contains(result.LogTail, new[] { "8\n10\n", "unlimited\nunlimited\n", "unlimited\n10\n" });
    }

    [LinuxFact]
    public async Task A_command_within_its_limits_reports_what_it_used()
    {
        var time = new FakeTime();
        using var place = new Workplace(new CommandExecutorOptions { Time = time });
        var running = place.ExecuteAsync(place.Script("echo ready; while ! [ -e go ]; do sleep 0.01; done") with
        {
            Limits = new AgentLimits(MemoryBytes: 1L << 40, CpuTime: TimeSpan.FromHours(1)),
        });
        await place.Context.Saw("ready");
        time.Advance(TreeSampler.Period);
        await File.WriteAllTextAsync(place.PathOf("go"), "");
        var result = await running;

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.InRange(result.PeakRssBytes!.Value, 100_000, 50_000_000);
        Assert.NotNull(result.CpuMs);
        Assert.Equal(0, time.Timers);
    }

    [LinuxFact]
    public async Task Processes_of_an_earlier_start_are_reclaimed_and_no_others()
    {
        var orphan = await StartDetached($"SKEP_LINEAGE={_place.Run}::build/1", "trap \"\" TERM; while :; do sleep 1; done");
        var nested = await StartDetached($"SKEP_RUN_ID=inner SKEP_LINEAGE={_place.Run}::outer/1", "exec sleep 1000");
        var stranger = await StartDetached($"SKEP_RUN_ID={_place.RunId} SKEP_LINEAGE=/another/folder/runs/{_place.RunId}::build/1", "exec sleep 1000");
        using var cancel = new CancellationTokenSource();
        var ours = _place.ExecuteAsync(_place.Script("echo ready; exec sleep 1000"), cancel.Token);
        await _place.Context.Saw("ready");
        try
        {
            var lines = await _place.Executor.ReclaimAsync(_place.RunId, _place.Run, default).WaitAsync(Workplace.Patience);

            Assert.Contains($"stopped process {orphan} (sh), left running by an earlier start of run {_place.RunId}", lines);
            Assert.Contains($"stopped process {nested} (sleep), left running by an earlier start of run {_place.RunId}", lines);
            Assert.False(Workplace.IsAlive(orphan));
            Assert.False(Workplace.IsAlive(nested));
            Assert.True(Workplace.IsAlive(stranger));
            Assert.False(ours.IsCompleted);
        }
        finally
        {
            _ = LibC.Kill(stranger, Signals.Kill);
            await cancel.CancelAsync();
            await ours;
        }
    }

    [LinuxFact]
    public async Task Reclaiming_a_run_without_leftovers_says_nothing() =>
        Assert.Empty(await _place.Executor.ReclaimAsync("no-such-run", "/no/such/run", default));

    /// <summary>Stopped, or (D) a shell that waits for a child which was stopped between vfork and exec.</summary>
    private static bool IsStopped(int pid) => ProcFs.Stat(pid) is { State: 'T' or 'D' };

    /// <summary>Starts a process whose parent ends at once, as after a crash.</summary>
    private async Task<int> StartDetached(string variables, string script)
    {
        var file = _place.PathOf($"detached-{Guid.NewGuid():n}");
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"env {variables} setsid sh -c 'echo $$ > {file}.new; mv {file}.new {file}; {script}' >/dev/null 2>&1 &"]);
        await shell.WaitForExitAsync();
        await Workplace.Eventually(() => File.Exists(file), "a detached process");
        return int.Parse(await File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture);
    }
}
