using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Wire;

/// <summary>Over real connections, with the handler that the program uses.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopbackTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_long_conversation_arrives_whole_and_the_answer_too()
    {
        var serving = ServeAsync(Chunked(Recordings.OpenAITools));
        using var source = Source();
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} äöü 🐝\n"));
        var response = await source.Resolve("default").Client.GetResponseAsync(text);
        var request = await serving;
        Assert.Equal("Größe 🐝 蜂の巣", response.Text);
        Assert.StartsWith("POST /v1/chat/completions HTTP/1.1", request.Head);
        Assert.Equal(text, System.Text.Json.JsonDocument.Parse(request.Body).RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_an_answer_is_a_dropped_stream()
    {
        var serving = ServeAsync(Chunked(Recordings.OpenAITools)[..^300]);
        using var source = Source();
        var failed = await Assert.ThrowsAsync<ModelException>(() => source.Resolve("default").Client.GetResponseAsync("hi"));
        await serving;
        Assert.Equal(ModelFault.StreamDropped, failed.Fault);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_an_answer_is_unreachable()
    {
        var serving = ServeAsync("");
        using var source = Source();
        var failed = await Assert.ThrowsAsync<ModelException>(() => source.Resolve("default").Client.GetResponseAsync("hi"));
        await serving;
        Assert.Equal(ModelFault.Unreachable, failed.Fault);
    }

    [Fact]
    public async Task What_is_no_HTTP_is_malformed()
    {
        var serving = ServeAsync("SSH-2.0-OpenSSH_9.9\r\n\r\n");
        using var source = Source();
        var failed = await Assert.ThrowsAsync<ModelException>(() => source.Resolve("default").Client.GetResponseAsync("hi"));
        await serving;
        Assert.Equal(ModelFault.Malformed, failed.Fault);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var serving = ServeAsync("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n");
        using var source = Source();
        var failed = await Assert.ThrowsAsync<ModelException>(() => source.Resolve("default").Client.GetResponseAsync("hi"));
        await serving;
        Assert.Equal((ModelFault.NotFound, 302), (failed.Fault, failed.Status));
    }

    private ModelSource Source()
    {
        var variables = new Dictionary<string, string> { ["SKEP_MODEL_BASE_URL"] = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", ["SKEP_MODEL"] = "m" };
        return new(null, new() { Environment = name => variables.GetValueOrDefault(name) });
    }

    private static string Chunked(string text)
    {
        var answer = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(97))
        {
            answer.Append(piece.Length.ToString("x")).Append("\r\n");
            foreach (var b in piece) answer.Append((char)b);
            answer.Append("\r\n");
        }

        return answer.Append("0\r\n\r\n").ToString();
    }

    // One request, one answer (its characters are bytes), and the connection is closed.
    private async Task<(string Head, string Body)> ServeAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        var received = new List<byte>();
        var buffer = new byte[65_536];
        var end = -1;
        var length = 0;
        while (end < 0 || received.Count < end + length)
        {
            var count = await stream.ReadAsync(buffer);
            if (count == 0) break;
            received.AddRange(buffer.AsSpan(0, count));
            if (end >= 0) continue;
            var head = Encoding.Latin1.GetString([.. received]);
            var blank = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (blank < 0) continue;
            end = blank + 4;
            length = int.Parse(head.Split("Content-Length: ")[1].Split('\r')[0]);
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        client.Client.Shutdown(SocketShutdown.Send);
        var bytes = received.ToArray();
        return (Encoding.Latin1.GetString(bytes, 0, end), Encoding.UTF8.GetString(bytes, end, length));
    }
}
