using System.Text.Json;
using Skep.Orchestration.Hooks;
using Skep.Orchestration.Tests.Hooks;

namespace Skep.Orchestration.Tests.Coordination;

public sealed class MessageTests : IAsyncDisposable
{
    private readonly LedgerRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_message_is_read_once_by_each_recipient_and_the_same_request_gets_it_again()
    {
        await _rig.HookAsync("notify", "ann", "message=API is ready", "recipients=bob,cleo");
        var request = _rig.Request("inbox", JsonSerializer.SerializeToElement(new { agent = "bob" }), "read-1");
        Assert.Equal("API is ready", Texts(await _rig.Messages.HandleAsync(request, default)).Single());
        Assert.Equal("API is ready", Texts(await _rig.Messages.HandleAsync(request, default)).Single());
        Assert.Empty(Texts(await _rig.MessageAsync("inbox", new { agent = "bob" })));
        Assert.Single(Texts(await _rig.MessageAsync("inbox", new { agent = "bob", all = true })));
        Assert.Single(Texts(await _rig.MessageAsync("inbox", new { agent = "cleo", peek = true })));
        Assert.Single(Texts(await _rig.MessageAsync("inbox", new { agent = "cleo" })));
    }

    [Fact]
    public async Task A_message_to_all_reaches_everybody_who_was_heard_of_or_works_and_not_its_sender()
    {
        await _rig.HookAsync("agent-spawned", "ann", "name=cleo");
        _rig.Live.Add("api", "bob", _rig.Root, Plans.OwnershipRule.Report);
        var sent = await _rig.MessageAsync("send", new { agent = "ann", to = "all", text = "hello" });
        Assert.Equal(["bob", "cleo"], sent.GetProperty("delivered").EnumerateArray().Select(d => d.GetString()));
    }

    [Fact]
    public async Task A_question_is_answered_while_the_asker_waits()
    {
        var asked = await _rig.MessageAsync("ask", new { agent = "ann", to = "bob", text = "may I?", timeoutMs = 60_000 });
        var id = asked.GetProperty("message").GetInt64();
        var waiting = _rig.MessageAsync("await", new { agent = "ann", message = id, timeoutMs = 60_000 });
        Assert.False(waiting.IsCompleted);
        var reply = await _rig.MessageAsync("reply", new { agent = "bob", message = id, text = "yes" });
        Assert.False(reply.GetProperty("late").GetBoolean());
        Assert.Equal("yes", (await waiting.WaitAsync(TimeSpan.FromSeconds(60))).GetProperty("reply").GetProperty("text").GetString());
        Assert.Empty(Texts(await _rig.MessageAsync("inbox", new { agent = "bob" })));
    }

    [Fact]
    public async Task A_question_that_nobody_answers_times_out_and_a_later_answer_is_marked_as_late()
    {
        var id = (await _rig.MessageAsync("ask", new { agent = "ann", to = "bob", text = "may I?", timeoutMs = 60_000 })).GetProperty("message").GetInt64();
        var waiting = _rig.MessageAsync("await", new { agent = "ann", message = id, timeoutMs = 60_000 });
        _rig.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        Assert.False(waiting.IsCompleted);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False((await waiting.WaitAsync(TimeSpan.FromSeconds(60))).TryGetProperty("reply", out _));
        Assert.True((await _rig.MessageAsync("reply", new { agent = "bob", message = id, text = "yes" })).GetProperty("late").GetBoolean());
        Assert.True((await _rig.MessageAsync("inbox", new { agent = "ann" })).GetProperty("messages")[0].GetProperty("late").GetBoolean());
    }

    [Fact]
    public async Task Who_waits_for_messages_is_woken_by_one()
    {
        var waiting = _rig.MessageAsync("wait", new { agent = "bob", timeoutMs = 60_000 });
        Assert.False(waiting.IsCompleted);
        await _rig.MessageAsync("send", new { agent = "ann", to = "bob", text = "x" });
        Assert.Equal(1, (await waiting.WaitAsync(TimeSpan.FromSeconds(60))).GetProperty("unread").GetInt64());
    }

    [Fact]
    public async Task A_task_is_handed_over_with_its_edits_memory_and_claims()
    {
        _rig.File("src/a.cs", "x");
        await _rig.TaskHookAsync("post-edit", "ann", null, "login", "file=src/a.cs", "memory-key=swarm/login/state");
        await _rig.MessageAsync("lock", new { agent = "ann", glob = "src/**", task = "login", exclusive = true });
        await _rig.MessageAsync("handover", new { agent = "ann", task = "login", to = "bob", note = "the form is done" });
        var message = (await _rig.MessageAsync("inbox", new { agent = "bob" })).GetProperty("messages")[0];
        Assert.Equal("handover", message.GetProperty("kind").GetString());
        var context = message.GetProperty("data");
        Assert.Equal("src/a.cs", context.GetProperty("edits")[0].GetProperty("subject").GetString());
        Assert.Equal("swarm/login/state", context.GetProperty("memory")[0].GetString());
        Assert.Equal("bob", (await _rig.MessageAsync("locks", new { })).GetProperty("claims")[0].GetProperty("holder").GetString());
    }

    [Fact]
    public async Task An_overlapping_claim_is_refused_by_name_when_either_side_wants_the_files_alone()
    {
        await _rig.MessageAsync("lock", new { agent = "ann", glob = "src/**" });
        var shared = await _rig.MessageAsync("lock", new { agent = "bob", glob = "src/a.cs" });
        Assert.Equal("ann", shared.GetProperty("overlaps")[0].GetProperty("holder").GetString());
        var refusal = await Assert.ThrowsAsync<RequestException>(() => _rig.MessageAsync("lock", new { agent = "cleo", glob = "**/*.cs", exclusive = true }));
        Assert.Contains("ann holds 'src/**'", refusal.Message, StringComparison.Ordinal);
        await _rig.MessageAsync("unlock", new { agent = "ann" });
        await _rig.MessageAsync("unlock", new { agent = "bob", glob = "src/a.cs" });
        Assert.Equal("cleo", (await _rig.MessageAsync("lock", new { agent = "cleo", glob = "**/*.cs", exclusive = true })).GetProperty("claim").GetProperty("holder").GetString());
    }

    [Fact]
    public async Task A_full_inbox_loses_nothing_unread_and_the_sender_is_told()
    {
        await using var rig = new LedgerRig(new LedgerLimits { MaxInbox = 3 });
        for (var i = 0; i < 3; i++) await rig.MessageAsync("send", new { agent = "ann", to = "bob", text = "m" + i });
        Assert.Equal(RequestCodes.TooLarge, (await Assert.ThrowsAsync<RequestException>(() => rig.MessageAsync("send", new { agent = "ann", to = "bob", text = "m3" }))).Code);
        await rig.MessageAsync("inbox", new { agent = "bob" });
        await rig.MessageAsync("send", new { agent = "ann", to = "bob", text = "m4" });
        Assert.Equal(["m4"], Texts(await rig.MessageAsync("inbox", new { agent = "bob" })));
    }

    private static IEnumerable<string?> Texts(JsonElement inbox) => inbox.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString());
}
