using System.Diagnostics;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Mcp.Tests;

/// <summary>A process that owns the folder for a run of its own takes further runs in.</summary>
public sealed class RunGuestsTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "skep.dll");

    [Fact]
    public async Task A_run_that_a_server_is_asked_for_is_worked_on_by_the_owner_who_waits_for_it()
    {
        await using var rig = await McpRig.StartAsync();
        var (guests, came, ended) = Listening();
        await using var owner = SkepHost.Open(rig.Folder, new SkepHostOptions { Extensions = [guests] });
        await rig.CallAsync("run_start", new { plan = Gated("go"), id = "r1" });
        Assert.False(rig.Server.Desk.Gate.IsOwner);
        Assert.Equal(["r1"], guests.Live);
        Assert.Equal(["r1"], came);

        var over = guests.EndAsync(default);
        Assert.False(over.IsCompleted);
        await rig.CallAsync("run_start", new { plan = Gated("go"), id = "r2" });
        rig.File("go", "");
        await over.WaitAsync(McpRig.Patience);
        Assert.Equal([("r1", RunStatus.Succeeded), ("r2", RunStatus.Succeeded)], ended.Order());
        Assert.Equal(RunStatus.Succeeded, rig.Run("r2").Status);
    }

    [Fact]
    public async Task An_interrupted_run_is_taken_up_by_the_owner()
    {
        await using var rig = await McpRig.StartAsync();
        await using (var before = SkepHost.Open(rig.Folder)) await StartAsync(before, rig.Root, "r1");
        var (guests, _, _) = Listening();
        await using var owner = SkepHost.Open(rig.Folder, new SkepHostOptions { Extensions = [guests] });
        await rig.CallAsync("run_control", new { run = "r1", action = "continue" });
        Assert.Equal(["r1"], guests.Live);
        rig.File("go", "");
        await guests.EndAsync(default).WaitAsync(McpRig.Patience);
        Assert.Equal(RunStatus.Succeeded, rig.Run("r1").Status);
    }

    [Fact]
    public async Task Who_asks_an_owner_that_is_about_to_end_is_served_by_the_next()
    {
        await using var rig = await McpRig.StartAsync();
        var (guests, came, _) = Listening();
        var owner = SkepHost.Open(rig.Folder, new SkepHostOptions { Extensions = [guests] });
        await guests.EndAsync(default);
        var started = rig.CallAsync("run_start", new { plan = Gated("go"), id = "r1" });
        Assert.False(started.IsCompleted);
        await owner.DisposeAsync();
        await started;
        Assert.True(rig.Server.Desk.Gate.IsOwner);
        Assert.Empty(came);
        rig.File("go", "");
        Assert.Equal("succeeded", (await rig.CallAsync("run_status", new { run = "r1", wait = 60 })).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_owner_that_cannot_ask_the_models_of_a_plan_does_not_take_it()
    {
        await using var rig = await McpRig.StartAsync();
        var guests = new RunGuests(static plan => plan.Agents.Any(a => a.Executor == ExecutorKinds.Chat) ? "there is no key here" : null);
        await using var owner = SkepHost.Open(rig.Folder, new SkepHostOptions { Extensions = [guests] });
        var refusal = await rig.RefuseAsync("run_start", new { plan = "plan: p\nagents: { a: { executor: chat } }\ntasks: [{ id: t, agent: a, prompt: x }]\n" });
        Assert.Contains("would do the work, and cannot: there is no key here", refusal, StringComparison.Ordinal);
        Assert.False(await OwnerRelease.AskAsync(rig.Folder, TimeProvider.System));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 1)]
    public async Task A_live_skep_run_takes_a_run_of_a_server_and_both_end_and_its_exit_code_is_its_own(string end, int code)
    {
        await using var rig = await McpRig.StartAsync();
        rig.File("plan.yaml", Gated("own", end));
        using var run = Skep(rig);
        var output = run.StandardOutput.ReadToEndAsync();
        await OwnsTheFolderAsync(rig);

        await rig.CallAsync("run_start", new { plan = Gated("guest"), id = "guest" });
        Assert.False(rig.Server.Desk.Gate.IsOwner);
        rig.File("own", "");
        Assert.Equal(code == 0 ? "succeeded" : "failed", (await rig.CallAsync("run_status", new { run = "own", wait = 60 })).GetProperty("status").GetString());
        Assert.False(run.HasExited);
        rig.File("guest", "");
        await run.WaitForExitAsync().WaitAsync(McpRig.Patience);

        Assert.Equal(code, run.ExitCode);
        var said = await output;
        foreach (var line in new[] { "also works on guest", "guest succeeded; see: skep report guest" }) Assert.Contains(line, said, StringComparison.Ordinal);
        Assert.Contains("guest", (await rig.CallAsync("run_report", new { run = "guest" })).GetRawText(), StringComparison.Ordinal);
        Assert.Equal((code == 0 ? RunStatus.Succeeded : RunStatus.Failed, RunStatus.Succeeded), (rig.Run("own").Status, rig.Run("guest").Status));
    }

    [Fact]
    public async Task A_signal_ends_a_skep_run_that_stays_for_others_and_they_can_be_resumed()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var rig = await McpRig.StartAsync();
        rig.File("plan.yaml", Gated("own"));
        using var run = Skep(rig);
        await OwnsTheFolderAsync(rig);
        await rig.CallAsync("run_start", new { plan = Gated("guest"), id = "guest" });
        rig.File("own", "");
        while (await run.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience) is { } line && !line.StartsWith("this process stays for guest", StringComparison.Ordinal))
            continue;
        using (var kill = Process.Start("kill", ["-TERM", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        Assert.Contains("guest stopped; resume with: skep resume guest", await run.StandardOutput.ReadToEndAsync().WaitAsync(McpRig.Patience), StringComparison.Ordinal);
        await run.WaitForExitAsync().WaitAsync(McpRig.Patience);
        Assert.Equal(0, run.ExitCode);

        rig.File("guest", "");
        await rig.CallAsync("run_control", new { run = "guest", action = "continue" });
        Assert.Equal("succeeded", (await rig.CallAsync("run_status", new { run = "guest", wait = 60 })).GetProperty("status").GetString());
    }

    private static Process Skep(McpRig rig) => Process.Start(new ProcessStartInfo("dotnet", [Program, "run", "plan.yaml", "--id", "own", "--dir", rig.Root])
    {
        WorkingDirectory = rig.Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
    })!;

    /// <summary>The other process has nothing that could be awaited but the owner's own answer.</summary>
    private static async Task OwnsTheFolderAsync(McpRig rig)
    {
        using var patience = new CancellationTokenSource(McpRig.Patience);
        while (await rig.Server.Desk.OwnerAsync(patience.Token) is not { Runs: ["own"] }) await Task.Delay(5, patience.Token);
    }

    private static (RunGuests Guests, List<string> Came, List<(string, RunStatus?)> Ended) Listening()
    {
        var (came, ended) = (new List<string>(), new List<(string, RunStatus?)>());
        var guests = new RunGuests(static _ => null)
        {
            Came = came.Add,
            Ended = (run, status) =>
            {
                lock (ended) ended.Add((run, status));
            },
        };
        return (guests, came, ended);
    }

    private static async Task StartAsync(SkepHost host, string root, string id)
    {
        var yaml = Gated("go");
        await host.StartAsync(new RunRequest { RunId = id, Plan = PlanReader.Read(yaml).Plan!, PlanText = yaml, PlanDirectory = root, Workspace = root });
    }

    private static string Gated(string file, string end = "exit 0") => $"plan: gated\ntasks:\n  - {{ id: hold, shell: true, run: \"while [ ! -e {file} ]; do sleep 0.05; done; {end}\" }}\n";
}
