using System.Text.Json;
using Skep.Orchestration;

namespace Skep.Mcp.Tests;

/// <summary>Who owns the folder, and when.</summary>
public sealed class FolderGateTests
{
    private const string Gated = "plan: gated\ntasks:\n  - { id: hold, shell: true, run: \"while [ ! -e go ]; do sleep 0.05; done\" }\n";

    [Fact]
    public async Task A_write_takes_the_folder_and_idleness_gives_it_back()
    {
        await using var rig = await McpRig.StartAsync(s => s with { IdleAfter = TimeSpan.FromMilliseconds(20) });
        var given = GivenBack(rig);
        await StoreAsync(rig, "a", "1");
        await given.WaitAsync(McpRig.Patience);
        await using (var other = SkepHost.Open(rig.Folder)) Assert.Empty(other.LiveRuns);
        await StoreAsync(rig, "a", "2");
        Assert.Equal("2", await rig.MemoryAsync("default/a"));
    }

    [Fact]
    public async Task Where_another_process_owns_the_folder_requests_go_there()
    {
        await using var rig = await McpRig.StartAsync();
        await using var owner = SkepHost.Open(rig.Folder);
        await StoreAsync(rig, "a", "1");
        Assert.False(rig.Server.Desk.Gate.IsOwner);
        Assert.Equal("1", owner.Memory.Get("default/a")!.Text);
    }

    [Fact]
    public async Task When_the_owner_ends_between_two_calls_the_next_call_takes_the_folder()
    {
        await using var rig = await McpRig.StartAsync();
        await using (SkepHost.Open(rig.Folder)) await StoreAsync(rig, "a", "1");
        await StoreAsync(rig, "b", "2");
        Assert.True(rig.Server.Desk.Gate.IsOwner);
        Assert.Equal(("1", "2"), (await rig.MemoryAsync("default/a"), await rig.MemoryAsync("default/b")));
    }

    [Fact]
    public async Task Who_asks_for_the_folder_gets_it()
    {
        await using var rig = await McpRig.StartAsync();
        await StoreAsync(rig, "a", "1");
        Assert.True(await OwnerRelease.AskAsync(rig.Folder, TimeProvider.System));
        await using var other = await SkepHost.OpenAsync(rig.Folder);
        await StoreAsync(rig, "b", "2");
        Assert.False(rig.Server.Desk.Gate.IsOwner);
        Assert.Equal("2", other.Memory.Get("default/b")!.Text);
    }

    [Fact]
    public async Task A_folder_with_a_live_run_is_kept()
    {
        await using var rig = await McpRig.StartAsync(s => s with { IdleAfter = TimeSpan.FromMilliseconds(20) });
        var given = GivenBack(rig);
        await rig.CallAsync("run_start", new { plan = Gated, id = "r1" });
        Assert.False(await OwnerRelease.AskAsync(rig.Folder, TimeProvider.System));
        var refusal = await ControlClient.TrySendAsync(rig.Folder, new ControlRequest { Op = OwnerRelease.Op });
        Assert.Contains("it works on r1", refusal!.Error, StringComparison.Ordinal);
        Assert.False(given.IsCompleted);
        rig.File("go", "");
        await given.WaitAsync(McpRig.Patience);
        Assert.Equal(RunStatus.Succeeded, rig.Run("r1").Status);
    }

    [Fact]
    public async Task An_owner_that_is_no_server_does_not_give_the_folder_away()
    {
        await using var rig = await McpRig.StartAsync();
        await using var owner = SkepHost.Open(rig.Folder);
        Assert.False(await OwnerRelease.AskAsync(rig.Folder, TimeProvider.System));
        Assert.Contains("works on its own run only", await rig.RefuseAsync("run_start", new { plan = Gated, id = "r1" }), StringComparison.Ordinal);
        Assert.Null(owner.Store.Find("r1"));
    }

    [Fact]
    public async Task Two_servers_on_one_folder_share_it()
    {
        await using var one = await McpRig.StartAsync();
        await using var two = await McpRig.StartAsync(root: one.Root);
        await one.CallAsync("run_start", new { plan = Gated, id = "r1" });
        await two.CallAsync("run_start", new { plan = Gated, id = "r2" });
        Assert.False(two.Server.Desk.Gate.IsOwner);
        Assert.Equal(["r1", "r2"], (await two.Server.Desk.OwnerAsync(default))!.Runs!.Order());
        one.File("go", "");
        Assert.Equal("succeeded", (await two.CallAsync("run_status", new { run = "r2", wait = 60 })).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Many_calls_at_once_all_count()
    {
        await using var rig = await McpRig.StartAsync(s => s with { IdleAfter = TimeSpan.FromMilliseconds(5) });
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => StoreAsync(rig, $"k{i}", "v")));
        Assert.Equal(60, (await rig.CallAsync("memory_usage", new { action = "list", limit = 200 })).GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task A_server_that_is_busy_with_calls_gives_the_folder_away_between_them_and_no_call_is_lost()
    {
        await using var rig = await McpRig.StartAsync();
        await StoreAsync(rig, "first", "v");
        var calls = Task.WhenAll(Enumerable.Range(0, 200).Select(i => StoreAsync(rig, $"k{i}", "v")));
        Assert.True(await OwnerRelease.AskAsync(rig.Folder, TimeProvider.System));
        await using (await SkepHost.OpenAsync(rig.Folder)) await calls;
        Assert.Equal(201, (await rig.CallAsync("memory_usage", new { action = "stats" })).GetProperty("entries").GetInt32());
    }

    private static Task GivenBack(McpRig rig)
    {
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Server.Desk.Gate.GivenBack += (_, _) => given.TrySetResult();
        return given.Task;
    }

    private static Task<JsonElement> StoreAsync(McpRig rig, string key, string value) => rig.CallAsync("memory_usage", new { action = "store", key, value });
}
