using System.Text;
using Skep.Orchestration.Tests.Execution;

namespace Skep.Orchestration.Tests.Shell;

/// <summary>What others do wrong to a host: spectators, values, callers who come at once, secrets in every place.</summary>
public sealed class HostTroubleTests
{
    [UnixFact]
    public async Task A_spectator_that_fails_does_not_end_the_run()
    {
        await using var hive = new Hive();
        var blind = new Blind();
        var run = await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'true' }] }", blind);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(Hive.Patience));
        Assert.Equal(1, blind.Calls);
    }

    [UnixFact]
    public async Task A_value_that_breaks_a_path_fails_the_task_and_not_the_run()
    {
        await using var hive = new Hive();
        const string yaml = "{ plan: p, vars: { d: x }, tasks: [{ id: a, run: 'true', cwd: '${vars.d}' }, { id: b, run: 'true' }] }";
        var run = await hive.Host.StartAsync(new RunRequest
        {
            RunId = "run-1",
            Plan = Core.QueenRig.Parse(yaml),
            PlanText = yaml,
            PlanDirectory = hive.Root,
            Workspace = hive.Root,
            Vars = new Dictionary<string, string> { ["d"] = "a\0b" },
        });
        await run.Completion.WaitAsync(Hive.Patience);
        var state = hive.State();
        Assert.Equal((TaskStatus.Failed, TaskStatus.Succeeded), (state.Find("a")!.Status, state.Find("b")!.Status));
    }

    [UnixFact]
    public async Task Two_who_resume_a_run_at_once_get_the_same_one()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        await hive.StartAsync("{ plan: p, tasks: [{ id: a, shell: true, run: 'test -e go || exec sleep 600' }] }", began);
        await began.Seen;
        await hive.RestartAsync();
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => hive.Host.ResumeAsync("run-1", CancellationToken.None))));
        foreach (var run in both) Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(Hive.Patience));
        Assert.Equal(1, hive.State().Recoveries);
    }

    [UnixFact]
    public async Task Cancelling_a_run_that_nobody_works_on_ends_it()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'sleep 600' }] }", began);
        await began.Seen;
        await hive.RestartAsync();
        Assert.Null(await hive.Host.ControlAsync("run-1", new CancelRun("ann", "enough")));
        Assert.Equal(RunStatus.Cancelled, hive.State().Status);
    }

    [UnixFact]
    public async Task A_secret_is_nowhere_on_disk_but_in_what_the_task_keeps_as_a_file()
    {
        const string secret = "s3cr3t-0f-the-hive";
        var options = new SkepHostOptions
        {
            Command = new CommandExecutorOptions { HostEnvironment = () => new Dictionary<string, string> { ["TOKEN"] = secret, ["PATH"] = "/usr/bin:/bin" } },
        };
        await using var hive = new Hive(options);
        var state = await hive.RunAsync("""
            plan: p
            swarm: { secrets: [TOKEN] }
            tasks:
              - id: leak
                shell: true
                run: |
                  echo "it is $TOKEN"
                  echo "error: $TOKEN" >&2
                  echo "out=$TOKEN" >> "$SKEP_OUTPUT"
                  echo "$TOKEN=1" >> "$SKEP_OUTPUT"
              - { id: fail, shell: true, run: 'echo "broken by $TOKEN" >&2; exit 3' }
              - { id: name, shell: true, run: 'echo x > "f-$TOKEN"', produces: ["f-*"] }
            """);
        Assert.True(state.Status.IsEnded());
        await hive.Host.DisposeAsync();
        var told = Directory.EnumerateFiles(hive.Folder.Root, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".sock", StringComparison.Ordinal) && Path.GetFileName(f) != "lock" && File.ReadAllBytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0).ToList();
        Assert.Empty(told);
    }

    private sealed class Blind : IRunObserver
    {
        public int Calls { get; private set; }

        public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
        {
            Calls++;
            throw new IOException("the terminal is closed");
        }
    }
}
