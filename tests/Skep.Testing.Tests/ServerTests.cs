using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Skep.Testing.Tests;

public sealed class ServerTests
{
    private static ScriptedModel Hello() => ScriptedModel.Build(s => s.Always().Says("hello"));

    private static async Task<Socket> Connect(ScriptedModelServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        return socket;
    }

    /// <summary>Sends text and reads until the server closes.</summary>
    private static async Task<string> Exchange(ScriptedModelServer server, string text)
    {
        using var socket = await Connect(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        return await ReadToEnd(socket);
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer) is var count and > 0) all.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    private static string Request(string more = "", string body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}") =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n{more}\r\n{body}";

    [Fact]
    public async Task One_connection_carries_many_requests_also_when_they_come_together()
    {
        await using var server = await ScriptedModelServer.StartAsync(Hello());
        var answers = await Exchange(server, Request() + Request() + Request("Connection: close\r\n"));
        Assert.Equal(3, answers.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(3, server.Model.Exchanges.Total);
    }

    [Fact]
    public async Task A_body_may_come_in_chunks_and_with_a_question_before_it()
    {
        await using var server = await ScriptedModelServer.StartAsync(Hello());
        const string Body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        var chunked = await Exchange(server, $"POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{Body[..5]}\r\n{Body.Length - 5:x};x=y\r\n{Body[5..]}\r\n0\r\nTrailer: t\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", chunked, StringComparison.Ordinal);
        using var socket = await Connect(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: {Body.Length}\r\n\r\n"));
        var buffer = new byte[100];
        Assert.StartsWith("HTTP/1.1 100", Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer)), StringComparison.Ordinal);
        await socket.SendAsync(Encoding.Latin1.GetBytes(Body));
        Assert.StartsWith("HTTP/1.1 200", await ReadToEnd(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_after_its_head_does_not_look_as_if_the_client_had_left()
    {
        const int Times = 100;
        await using var server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(s => s.Always().Says("hello").Paced(new Pace { First = TimeSpan.FromMilliseconds(1) })));
        using var socket = await Connect(server);
        var (head, body) = (Request()[..Request().IndexOf('{', StringComparison.Ordinal)], Request()[Request().IndexOf('{', StringComparison.Ordinal)..]);
        var buffer = new byte[4096];
        for (var i = 0; i < Times; i++)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(head));
            await socket.SendAsync(Encoding.Latin1.GetBytes(body));
            Assert.StartsWith("HTTP/1.1 200", Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer)), StringComparison.Ordinal);
        }

        Assert.Equal(Times, server.Model.Exchanges.Total);
    }

    [Theory]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nno colon\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3ea\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    public async Task What_is_no_http_or_too_large_is_refused_and_the_connection_closed(string request, int status)
    {
        await using var server = await ScriptedModelServer.StartAsync(Hello(), new ScriptedModelServerOptions { MaxBodyBytes = 1000 });
        using var socket = await Connect(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        socket.Shutdown(SocketShutdown.Send);
        Assert.StartsWith($"HTTP/1.1 {status}", await ReadToEnd(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_are_bounded()
    {
        await using var server = await ScriptedModelServer.StartAsync(Hello(), new ScriptedModelServerOptions { MaxHeadBytes = 4000 });
        using var socket = await Connect(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes("POST / HTTP/1.1\r\nX: " + new string('x', 10_000)));
        socket.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("HTTP/1.1 431", await ReadToEnd(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_bounded()
    {
        await using var server = await ScriptedModelServer.StartAsync(Hello(), new ScriptedModelServerOptions { MaxConnections = 1 });
        using var first = await Connect(server);
        await first.SendAsync(Encoding.Latin1.GetBytes(Request()));
        Assert.True(await first.ReceiveAsync(new byte[10]) > 0);
        using var second = await Connect(server);
        second.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("HTTP/1.1 503", await ReadToEnd(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_addresses_of_this_machine_are_taken()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => ScriptedModelServer.StartAsync(Hello(), new ScriptedModelServerOptions { Address = IPAddress.Any }));
        Assert.Contains("loopback", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_is_a_reset_on_the_wire()
    {
        await using var server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(s => s.Always().Says("abcdefgh").Fails(ScriptedFault.DropAfter(1))));
        using var socket = await Connect(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(Request(body: "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")));
        var error = await Assert.ThrowsAsync<SocketException>(() => ReadToEnd(socket));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task Two_hundred_streams_at_once_all_end_and_stand_in_the_log()
    {
        const int Streams = 200;
        var time = new FakeTime();
        var model = ScriptedModel.Build(s => s.Always().Says("Hello ${agent}, this is quite a long text in pieces.").Paced(new Pace { Pieces = 5, Delay = TimeSpan.FromSeconds(1) }), new ScriptedModelOptions { Time = time });
        await using var server = await ScriptedModelServer.StartAsync(model);
        using var client = Ask.Client(server);
        var asking = Enumerable.Range(0, Streams).Select(i => client.StreamAsync(Ask.OpenAi(Ask.User("x"), ",\"stream\":true", agent: $"agent{i}"))).ToArray();
        for (var step = 0; step < 4; step++)
        {
            // All of them stand at the same pause at the same time: none has been kept waiting by another.
            while (time.Timers < Streams) await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var answers = await Task.WhenAll(asking);
        Assert.All(answers, a => Assert.EndsWith("data: [DONE]\n\n", a.Text, StringComparison.Ordinal));
        while (model.Exchanges.All().Any(e => e.End == ExchangeEnd.Open)) await Task.Yield();
        Assert.Equal(Streams, model.Exchanges.All().Count(e => e.IsBought));
        Assert.Equal(Streams, model.Exchanges.Turns().Count);
    }

    [Fact]
    public async Task Stopping_ends_what_is_in_the_middle_and_leaves_nothing_open()
    {
        var model = ScriptedModel.Build(s => s.Always().Fails(ScriptedFault.NeverAnswers));
        var server = await ScriptedModelServer.StartAsync(model);
        using var client = Ask.Client(server);
        var asking = client.SendAsync(Ask.OpenAi(Ask.User("x")));
        while (model.Exchanges.Total == 0) await Task.Yield();
        await server.DisposeAsync();
        await server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
        Assert.Equal(0, server.Connections);
        Assert.Equal(ExchangeEnd.Abandoned, model.Exchanges.All()[0].End);
        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(server.EndPoint));
    }
}
