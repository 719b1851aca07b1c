using System.Net;
using System.Net.Sockets;
using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>Servers that are not a Redis, or not a good one; no Redis is needed.</summary>
public sealed class RedisFaultTests
{
    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_given_up_after_the_time_for_connecting()
    {
        var time = new FakeTime();
        using var server = new Peer();
        var opening = RespConnection.OpenAsync(server.Options(), time, null, default);
        Assert.StartsWith("*2\r\n$5\r\nHELLO\r\n", await server.HeardAsync(), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(3));
        var e = await Assert.ThrowsAsync<IOException>(() => opening);
        Assert.Contains("2 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_reply_ends_the_connection_and_all_who_wait_on_it()
    {
        var time = new FakeTime();
        using var server = new Peer();
        await using var connection = await server.GreetAsync(time);
        var (first, second) = (connection.AskAsync(RespCommand.Parts("GET", "a"), default), connection.AskAsync(RespCommand.Parts("GET", "b"), default));
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        Assert.Contains("500 ms", await connection.Ended, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => connection.AskAsync(RespCommand.Parts("GET", "c"), default));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "is this a Redis?")]
    [InlineData("+OK\r\n+OK\r\n", "nobody asked for")]
    [InlineData("$99999999\r\n", "at most")]
    public async Task A_peer_that_breaks_the_protocol_is_left(string says, string why)
    {
        using var server = new Peer();
        await using var connection = await server.GreetAsync(TimeProvider.System);
        var asked = connection.Send(RespCommand.Parts("PING"));
        await server.SayAsync(says);
        Assert.Contains(why, await connection.Ended.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        if (!says.StartsWith('+')) await Assert.ThrowsAsync<IOException>(() => asked);
    }

    [Fact]
    public async Task Replies_come_to_those_who_asked_however_they_are_cut()
    {
        using var server = new Peer();
        await using var connection = await server.GreetAsync(TimeProvider.System);
        var asked = Enumerable.Range(0, 20).Select(i => connection.Send(RespCommand.Parts("GET", $"{i}"))).ToArray();
        foreach (var c in string.Concat(Enumerable.Range(0, 20).Select(static i => $"$7\r\nvalue{i:00}\r\n"))) await server.SayAsync($"{c}");
        var replies = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"value{i:00}"), replies.Select(static r => r.Text));
    }

    [Fact]
    public async Task An_old_server_that_repeats_what_it_does_not_know_does_not_make_the_password_known()
    {
        using var server = new Peer();
        var opening = RespConnection.OpenAsync(server.Options("hush-4711"), TimeProvider.System, null, default);
        Assert.Contains("hush-4711", await server.HeardAsync(), StringComparison.Ordinal);
        await server.SayAsync("-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `hush-4711`\r\n");
        var e = await Assert.ThrowsAsync<IOException>(() => opening);
        Assert.DoesNotContain("hush", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("Redis 6", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_commands_than_may_wait_are_refused_at_once()
    {
        using var server = new Peer();
        await using var connection = await server.GreetAsync(TimeProvider.System);
        for (var i = 0; i < 20; i++) _ = connection.Send(RespCommand.Parts("GET", "a"));
        Assert.Throws<IOException>(() => { _ = connection.Send(RespCommand.Parts("GET", "a")); });
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_differ_between_nodes()
    {
        var (one, two) = (new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 1), new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 2));
        for (var i = 1; i < 100; i++)
        {
            var full = Math.Min(5_000, 50 * Math.Pow(2, i - 1));
            Assert.InRange(one.After(i).TotalMilliseconds, full / 2, full);
            Assert.NotEqual(one.After(i), two.After(i));
        }
    }

    [Fact]
    public void Settings_come_from_named_variables_and_a_password_in_the_address_is_refused_without_showing_it()
    {
        static RedisOptions? From(params (string Name, string Value)[] variables) => RedisOptions.FromEnvironment(n => variables.FirstOrDefault(v => v.Name == n).Value, "skep:test");
        Assert.Null(From());
        var options = From((RedisOptions.AddressVariable, "rediss://cache.example:7000/3"), (RedisOptions.UserVariable, "u"), (RedisOptions.PasswordVariable, "p"), (RedisOptions.NamespaceVariable, "team-1"))!;
        Assert.Equal(("cache.example", 7_000, 3, true, "u", "team-1"), (options.Host, options.Port, options.Database, options.Tls, options.User, options.Namespace));
        Assert.Equal("rediss://cache.example:7000/3", options.Address);
        Assert.Equal("skep:test", From((RedisOptions.AddressVariable, "redis://[::1]"))!.Namespace);
        foreach (var bad in new[] { "redis://u:hush@host", "http://hush", "hush", "redis://host/hush-db", "redis:///hush" })
        {
            var e = Assert.Throws<CacheException>(() => From((RedisOptions.AddressVariable, bad)));
            Assert.Contains(RedisOptions.AddressVariable, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("u:hush", e.Message, StringComparison.Ordinal);
        }

        Assert.Throws<CacheException>(() => From((RedisOptions.AddressVariable, "redis://h"), (RedisOptions.UserVariable, "u")));
        Assert.Throws<CacheException>(() => From((RedisOptions.AddressVariable, "redis://h"), (RedisOptions.NamespaceVariable, "a b")));
    }

    /// <summary>The other end of one connection, that says what it is told to.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private Socket? _socket;

        public Peer() => _listener.Start();

        public RedisOptions Options(string? password = null) => new() { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Password = password, MaxRecordBytes = 10_000 };

        public async Task<string> HeardAsync()
        {
            _socket ??= await _listener.AcceptSocketAsync();
            var buffer = new byte[4_096];
            return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer));
        }

        public async Task SayAsync(string text) => await _socket!.SendAsync(Encoding.UTF8.GetBytes(text));

        public async Task<RespConnection> GreetAsync(TimeProvider time)
        {
            var opening = RespConnection.OpenAsync(new RedisOptions { Host = "127.0.0.1", Port = Options().Port, MaxPending = 20, MaxRecordBytes = 10_000 }, time, null, default);
            await HeardAsync();
            await SayAsync("%1\r\n+server\r\n+redis\r\n");
            return await opening;
        }

        public void Dispose()
        {
            _socket?.Dispose();
            _listener.Dispose();
        }
    }
}
