using System.Security.Cryptography;
using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class HookFactTests : IAsyncDisposable
{
    private readonly LedgerRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task An_edit_leaves_its_hash_and_a_memory_entry_and_a_resuming_agent_is_told_whether_the_file_has_changed()
    {
        var bytes = "first"u8.ToArray();
        _rig.File("src/a.cs", "first");
        var answer = await _rig.HookAsync("post-edit", "ann", "file=src/a.cs", "memory-key=swarm/ann/a", "session-id=s1");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), answer.GetProperty("sha256").GetString());
        using var entry = JsonDocument.Parse(_rig.Memory.Get("swarm/ann/a")!.Value!.Value);
        Assert.Equal("src/a.cs", entry.RootElement.GetProperty("file").GetString());

        Assert.Equal("unchanged", await SinceAsync());
        _rig.File("src/a.cs", "second");
        Assert.Equal("changed", await SinceAsync());
        File.Delete(Path.Combine(_rig.Root, "src/a.cs"));
        Assert.Equal("gone", await SinceAsync());

        async Task<string?> SinceAsync() => (await _rig.HookAsync("session-restore", null, "session-id=s1")).GetProperty("edits")[0].GetProperty("since").GetString();
    }

    [Fact]
    public async Task A_request_that_is_delivered_twice_is_recorded_once()
    {
        _rig.File("a", "x");
        var request = _rig.Request("post-edit", LedgerRig.HookArgs("ann", null, null, "file=a", "memory-key=k"), "same");
        var first = await _rig.Hooks.HandleAsync(request, default);
        var second = await _rig.Hooks.HandleAsync(request, default);
        Assert.Equal(first.GetProperty("seq").GetInt64(), second.GetProperty("seq").GetInt64());
        Assert.True(second.GetProperty("repeated").GetBoolean());
        Assert.Equal(1, _rig.Memory.Get("k")!.Version);
        Assert.Single(_rig.Live.Fired);
        Assert.Single(_rig.Ledger.Read(sql => FactReader.Newest(sql, 10), []));
    }

    [Fact]
    public async Task A_task_that_was_begun_stays_unfinished_until_it_has_ended()
    {
        await _rig.HookAsync("pre-task", "ann", "task-id=login", "description=Add it");
        var told = await _rig.HookAsync("session-restore", "ann", "session-id=s1");
        Assert.Equal("login", told.GetProperty("unfinished")[0].GetProperty("task").GetString());
        await _rig.HookAsync("post-task", "ann", "task-id=login", "success=true", "store-results");
        told = await _rig.HookAsync("session-restore", "ann", "session-id=s1");
        Assert.Equal(0, told.GetProperty("unfinished").GetArrayLength());
        Assert.Contains("\"success\":true", _rig.Memory.Get("tasks/login/result")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_task_gives_its_claims_back_and_deletes_its_temporary_memory()
    {
        await _rig.Memory.StoreAsync(new Skep.Memory.StoreRequest("temp/login/draft", "x"u8.ToArray()));
        await _rig.MessageAsync("lock", new { agent = "ann", glob = "src/**", task = "login" });
        var ended = await _rig.HookAsync("post-task", "ann", "task-id=login", "memory-cleanup", "analyze-performance");
        Assert.Equal("src/**", ended.GetProperty("released")[0].GetProperty("glob").GetString());
        Assert.Equal(1, ended.GetProperty("temporaryRemoved").GetInt64());
        Assert.Null(_rig.Memory.Get("temp/login/draft"));
        Assert.Empty((await _rig.MessageAsync("locks", new { })).GetProperty("claims").EnumerateArray());
    }

    [Fact]
    public async Task Numbers_of_a_session_are_counted_and_exported_with_all_its_facts()
    {
        _rig.File("a", "x");
        await _rig.HookAsync("session-start", "ann", "session-id=s1");
        for (var i = 0; i < 60; i++) await _rig.HookAsync("post-edit", "ann", "file=a", "session-id=s1");
        await _rig.HookAsync("post-command", "ann", "command=make", "exit-code=2", "session-id=s1");
        var ended = await _rig.HookAsync("session-end", "ann", "export-metrics=true", "generate-summary");
        var kinds = ended.GetProperty("metrics").GetProperty("kinds");
        Assert.Equal(60, kinds.GetProperty("post-edit").GetInt32());
        Assert.Contains("60 edits, 1 commands", ended.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, ended.GetProperty("session").GetProperty("failed").GetInt32());

        var exported = await _rig.HookAsync("session-export", "ann", "session-id=s1");
        Assert.Equal(64, _rig.Pieces.Sum(p => p.GetProperty("facts").GetArrayLength()));
        Assert.True(exported.GetProperty("session").TryGetProperty("ended", out _));
    }

    [Fact]
    public async Task Flags_that_nothing_is_done_about_are_said_to_be_so_and_recorded()
    {
        _rig.File("a", "x");
        var answer = await _rig.HookAsync("post-edit", "ann", "file=a", "v8-heap-limit=0.7", "neural-adapt", "auto-optimize=false");
        Assert.Equal(["--v8-heap-limit", "--neural-adapt"], answer.GetProperty("notActedOn").EnumerateArray().Select(f => f.GetProperty("flag").GetString()));
        Assert.Contains("\"neural-adapt\":\"true\"", _rig.Ledger.Read(sql => FactReader.Newest(sql, 1), [])[0].Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adapt", "refused", "is not there yet")]
    [InlineData("neural-trained", "refused", "is not there yet")]
    [InlineData("post-edi", "not-found", "did you mean 'post-edit'?")]
    [InlineData("post-edit", "bad-request", "needs --file")]
    [InlineData("post-task", "bad-request", "needs --task-id")]
    public async Task What_cannot_be_done_is_refused_with_the_reason(string hook, string code, string reason)
    {
        var refusal = await Assert.ThrowsAsync<RequestException>(() => _rig.HookAsync(hook, "ann"));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_flag_is_refused_with_the_one_that_was_meant()
    {
        var refusal = await Assert.ThrowsAsync<RequestException>(() => _rig.HookAsync("post-edit", "ann", "fiel=a"));
        Assert.Contains("did you mean '--file'?", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"flags\": []}")]
    [InlineData("{\"flags\": {\"file\": 3}}")]
    [InlineData("[1]")]
    [InlineData("{\"flags\": {\"file\": \"a\"}, \"agent\": \"a\\u0007b\"}")]
    [InlineData("{\"flags\": {\"file\": \"a\"}, \"agent\": \"a,b\"}")]
    [InlineData("{\"flags\": {\"file\": \"a\", \"success\": \"maybe\"}}")]
    [InlineData("{\"flags\": {\"file\": \"a\", \"memory-key\": \"../x y\"}}")]
    [InlineData("{\"flags\": {\"file\": \"a\", \"v8-heap-limit\": \"NaN\"}}")]
    public async Task Hostile_arguments_are_refused_and_leave_nothing(string json)
    {
        using var args = JsonDocument.Parse(json);
        await Assert.ThrowsAsync<RequestException>(() => _rig.Hooks.HandleAsync(_rig.Request("post-edit", args.RootElement.Clone()), default));
        Assert.Empty(_rig.Ledger.Read(sql => FactReader.Newest(sql, 10), []));
    }

    [Fact]
    public async Task What_is_too_long_is_cut_and_what_is_secret_is_not_recorded()
    {
        var command = "curl -H 'Authorization: Bearer abcdef0123456789' https://x?token=geheim99 " + new string('y', 10_000);
        await _rig.HookAsync("post-command", "ann", "command=" + command, "output=" + new string('z', 9000));
        var fact = _rig.Ledger.Read(sql => FactReader.Newest(sql, 1), [])[0];
        Assert.Equal(LedgerLimits.MaxSubject, fact.Subject!.Length);
        Assert.DoesNotContain("abcdef0123456789", fact.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim99", fact.Subject, StringComparison.Ordinal);
        Assert.True(fact.Data!.Length < LedgerLimits.MaxValue + 100);
    }

    [Fact]
    public async Task Every_hook_that_does_its_work_answers_and_leaves_a_fact()
    {
        _rig.File("a", "x");
        foreach (var hook in HookCatalog.All.Where(h => h.Missing is null && !h.OnlyLooks))
        {
            var flags = hook.Flags.Where(f => f.Required).Select(f => f.Name == "file" ? "file=a" : f.Name + "=x").Append("task-id=t").Append("session-id=s").ToArray();
            var answer = await _rig.HookAsync(hook.Name, "ann", flags);
            Assert.Equal("allow", answer.GetProperty("verdict").GetString());
            Assert.Equal(hook.Kind, _rig.Ledger.Read(sql => FactReader.Newest(sql, 1), [])[0].Kind);
        }
    }

    [Fact]
    public async Task A_caller_is_told_that_hooks_of_plans_take_a_while()
    {
        var slow = new TaskCompletionSource();
        _rig.Live.Release = slow.Task;
        var call = _rig.HookAsync("pre-edit", "ann", "file=a.cs");
        Assert.True(Assert.Single(_rig.Pieces).GetProperty(HooksFamily.Waiting).GetBoolean());
        Assert.False(call.IsCompleted);
        slow.SetResult();
        Assert.Equal("allow", (await call).GetProperty("verdict").GetString());
        await _rig.HookAsync("pre-edit", "ann", "file=b.cs");
        Assert.Single(_rig.Pieces);
    }

    [Fact]
    public async Task The_oldest_facts_go_when_there_are_too_many_and_that_is_a_fact()
    {
        await using var rig = new LedgerRig(new LedgerLimits { MaxFacts = 20, PruneChunk = 5 });
        for (var i = 0; i < 60; i++) await rig.HookAsync("post-command", "ann", "command=c" + i);
        var facts = rig.Ledger.Read(sql => FactReader.Newest(sql, 100), []);
        Assert.InRange(facts.Count, 15, 26);
        Assert.Contains(facts, f => f.Kind == "pruned");
        Assert.Equal("c59", facts.First(f => f.Kind != "pruned").Subject);
    }

    [Fact]
    public async Task A_pipe_is_no_file_to_be_hashed()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = Path.Combine(_rig.Root, "pipe");
        using var made = System.Diagnostics.Process.Start("mkfifo", pipe)!;
        await made.WaitForExitAsync();
        var answer = await _rig.HookAsync("post-edit", "ann", "file=pipe");
        Assert.False(answer.TryGetProperty("sha256", out _));
        Assert.Contains("no plain file", answer.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_destroys_a_disk_is_blocked_when_safety_is_asked_for_and_a_dry_run_leaves_nothing()
    {
        Assert.Equal("block", (await _rig.HookAsync("pre-command", "ann", "command=rm -rf /", "validate-safety", "dry-run")).GetProperty("verdict").GetString());
        Assert.Equal("allow", (await _rig.HookAsync("pre-command", "ann", "command=rm -rf build/", "validate-safety", "dry-run")).GetProperty("verdict").GetString());
        Assert.Empty(_rig.Ledger.Read(sql => FactReader.Newest(sql, 10), []));
    }

    [Fact]
    public async Task Metrics_and_status_are_read_without_leaving_a_fact()
    {
        await _rig.HookAsync("post-command", "ann", "command=make", "session-id=s");
        Assert.Equal(1, (await _rig.HookAsync("metrics", "ann", "category=commands")).GetProperty("kinds").GetProperty("post-command").GetInt32());
        Assert.Equal(1, (await _rig.HookAsync("statusline", "ann")).GetProperty("sessionsOpen").GetInt32());
        Assert.Single(_rig.Ledger.Read(sql => FactReader.Newest(sql, 10), []));
    }
}
