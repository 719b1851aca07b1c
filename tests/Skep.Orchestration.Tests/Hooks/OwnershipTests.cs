using Skep.Plans;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class OwnershipTests : IAsyncDisposable
{
    private readonly LedgerRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(OwnershipRule.Report, "allow")]
    [InlineData(OwnershipRule.Block, "block")]
    public async Task A_file_of_another_live_task_is_reported_or_blocked_as_the_plan_says(OwnershipRule rule, string verdict)
    {
        _rig.Live.Add("api", "bob", _rig.Root, rule, "src/**");
        var answer = await _rig.TaskHookAsync("pre-edit", "ann", "run-1", "docs", "file=src/a.cs");
        Assert.Equal(verdict, answer.GetProperty("verdict").GetString());
        Assert.Equal("bob", answer.GetProperty("conflicts")[0].GetProperty("holder").GetString());
        Assert.Equal("allow", (await _rig.TaskHookAsync("pre-edit", "bob", "run-1", "api", "file=src/a.cs")).GetProperty("verdict").GetString());
        Assert.False((await _rig.TaskHookAsync("pre-edit", "ann", "run-1", "docs", "file=docs/a.md")).GetProperty("conflicts").EnumerateArray().Any());
    }

    [Fact]
    public async Task A_link_is_no_way_around_what_is_owned()
    {
        if (OperatingSystem.IsWindows()) return;
        _rig.File("src/a.cs", "x");
        File.CreateSymbolicLink(Path.Combine(_rig.Root, "other"), Path.Combine(_rig.Root, "src"));
        _rig.Live.Add("api", "bob", _rig.Root, OwnershipRule.Block, "src/**");
        Assert.Equal("block", (await _rig.HookAsync("pre-edit", "ann", "file=other/a.cs")).GetProperty("verdict").GetString());
        Assert.Equal("block", (await _rig.HookAsync("pre-edit", "ann", "file=other/new.cs")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task An_exclusive_claim_blocks_others_until_its_time_is_up()
    {
        await _rig.MessageAsync("lock", new { agent = "bob", glob = "src/**", exclusive = true, ttlMs = 60_000 });
        Assert.Equal("block", await VerdictAsync("ann"));
        Assert.Equal("allow", await VerdictAsync("bob"));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        Assert.Equal("block", await VerdictAsync("ann"));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("allow", await VerdictAsync("ann"));

        async Task<string?> VerdictAsync(string agent) => (await _rig.HookAsync("pre-edit", agent, "file=src/a.cs")).GetProperty("verdict").GetString();
    }

    [Fact]
    public async Task A_hook_of_the_plan_that_blocks_denies_the_edit_and_a_call_from_within_a_hook_calls_none()
    {
        _rig.Live.Outcomes.Add(new HookOutcome("pre-edit", "check.sh", 1, true, "not on a Friday", TimeSpan.Zero));
        var denied = await _rig.HookAsync("pre-edit", "ann", "file=a");
        Assert.Equal("block", denied.GetProperty("verdict").GetString());
        Assert.Contains("not on a Friday", denied.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ann", _rig.Live.Fired[0].Environment["SKEP_HOOK_AGENT"]);

        using var args = System.Text.Json.JsonDocument.Parse("""{"flags": {"file": "a"}, "inHook": true}""");
        var inner = await _rig.Hooks.HandleAsync(_rig.Request("pre-edit", args.RootElement.Clone()), default);
        Assert.Equal("allow", inner.GetProperty("verdict").GetString());
        Assert.Single(_rig.Live.Fired);
    }
}
