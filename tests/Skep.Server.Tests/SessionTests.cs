using System.Net;
using ModelContextProtocol.Client;
using Skep.Storage;

namespace Skep.Server.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task A_client_lists_tools_and_what_it_stores_is_in_the_folder()
    {
        await using var rig = await ServerRig.StartAsync();
        await using var client = await rig.ConnectAsync();
        Assert.Equal("skep", client.ServerInfo!.Name);
        Assert.Contains(await client.ListToolsAsync(), t => t.Name == "memory_usage");
        var stored = await client.CallToolAsync("memory_usage", ServerRig.Entry("store", "a", "b"));
        Assert.True(stored.IsError != true, ServerRig.TextOf(stored));
        await using var store = SqliteStore.OpenReader(rig.Folder);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        Assert.Equal("b", memory.Get("default/a")!.Text);
    }

    [Fact]
    public async Task Two_sessions_share_the_folder_and_one_ends_without_the_other()
    {
        await using var rig = await ServerRig.StartAsync();
        var options = new McpClientOptions { ProtocolVersion = "2025-11-25" };
        var first = await rig.ConnectAsync(options);
        await using var second = await rig.ConnectAsync(options);
        Assert.Equal(2, rig.Server.Sessions.Count);
        Assert.NotEqual(first.SessionId, second.SessionId);
        await first.CallToolAsync("memory_usage", ServerRig.Entry("store", "a", "from the first"));
        await first.DisposeAsync();
        var read = await second.CallToolAsync("memory_usage", ServerRig.Entry("retrieve", "a"));
        Assert.Contains("from the first", ServerRig.TextOf(read), StringComparison.Ordinal);
        Assert.Equal(1, rig.Server.Sessions.Count);
    }

    [Fact]
    public async Task A_client_of_the_version_without_sessions_calls_tools_and_leaves_nothing()
    {
        await using var rig = await ServerRig.StartAsync();
        await using var client = await rig.ConnectAsync(new McpClientOptions { ProtocolVersion = "2026-07-28" });
        Assert.Equal("2026-07-28", client.NegotiatedProtocolVersion);
        var stored = await client.CallToolAsync("memory_usage", ServerRig.Entry("store", "a", "b"));
        Assert.True(stored.IsError != true, ServerRig.TextOf(stored));
        Assert.Contains("b", ServerRig.TextOf(await client.CallToolAsync("memory_usage", ServerRig.Entry("retrieve", "a"))), StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Sessions.Count);
    }

    [Fact]
    public async Task After_DELETE_the_session_is_unknown()
    {
        await using var rig = await ServerRig.StartAsync();
        var id = await rig.BeginAsync();
        Assert.Equal(HttpStatusCode.OK, await rig.PingAsync(id));
        Assert.Equal(HttpStatusCode.OK, (await rig.AskAsync(rig.Request(HttpMethod.Delete, session: id))).Status);
        Assert.Equal(HttpStatusCode.NotFound, await rig.PingAsync(id));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.AskAsync(rig.Request(HttpMethod.Delete, session: id))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.AskAsync(rig.Request(HttpMethod.Get, session: id))).Status);
    }

    [Fact]
    public async Task For_one_session_too_many_the_one_unused_for_longest_ends()
    {
        var time = new ManualTime();
        await using var rig = await ServerRig.StartAsync(o => o with { MaxSessions = 2, Time = time });
        var oldest = await rig.BeginAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var older = await rig.BeginAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await rig.PingAsync(oldest));
        var newest = await rig.BeginAsync();
        Assert.Equal(HttpStatusCode.NotFound, await rig.PingAsync(older));
        Assert.Equal(HttpStatusCode.OK, await rig.PingAsync(oldest));
        Assert.Equal(HttpStatusCode.OK, await rig.PingAsync(newest));
    }

    [Fact]
    public async Task When_all_sessions_are_in_use_a_new_one_is_refused()
    {
        await using var rig = await ServerRig.StartAsync(o => o with { MaxSessions = 1 });
        var id = await rig.BeginAsync();
        using var stream = await rig.SendAsync(rig.Request(HttpMethod.Get, session: id));
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var (status, body) = await rig.AskAsync(rig.Opening());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("end one with DELETE", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_and_one_with_an_open_stream_does_not()
    {
        var time = new ManualTime();
        await using var rig = await ServerRig.StartAsync(o => o with { Time = time });
        var idle = await rig.BeginAsync();
        var followed = await rig.BeginAsync();
        using var stream = await rig.SendAsync(rig.Request(HttpMethod.Get, session: followed));
        time.Advance(TimeSpan.FromMinutes(29));
        await rig.Server.Sessions.EndIdleAsync();
        Assert.Equal(2, rig.Server.Sessions.Count);
        time.Advance(TimeSpan.FromMinutes(1));
        await rig.Server.Sessions.EndIdleAsync();
        Assert.Equal(HttpStatusCode.NotFound, await rig.PingAsync(idle));
        Assert.Equal(HttpStatusCode.OK, await rig.PingAsync(followed));
    }

    [Fact]
    public async Task A_session_has_one_stream_at_a_time_and_the_server_ends_it_when_it_stops()
    {
        await using var rig = await ServerRig.StartAsync();
        var id = await rig.BeginAsync();
        using var stream = await rig.SendAsync(rig.Request(HttpMethod.Get, session: id));
        Assert.Equal(HttpStatusCode.Conflict, (await rig.AskAsync(rig.Request(HttpMethod.Get, session: id))).Status);
        var read = stream.Content.ReadAsStringAsync();
        await rig.Server.DisposeAsync().AsTask().WaitAsync(ServerRig.Patience);
        Assert.Equal("", await read.WaitAsync(ServerRig.Patience));
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.PingAsync(id));
    }

    /// <summary>A clock that goes on when told; timers never fire.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
