using System.Text;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Tests.Wire;

namespace Skep.Models.Tests.Faults;

/// <summary>Connections that do not come about, break, or fall silent.</summary>
public class BrokenStreamTests
{
    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task An_answer_that_ends_anywhere_before_its_end_is_a_dropped_stream(ModelWire wire)
    {
        var text = wire == ModelWire.OpenAI ? Recordings.OpenAITools : Recordings.AnthropicTools;
        var bytes = Encoding.UTF8.GetBytes(text.TrimEnd('\n'));
        for (var length = 0; length < bytes.Length; length++)
        {
            foreach (var end in (StreamEnd[])[StreamEnd.Eof, StreamEnd.Break])
            {
                var failed = await Clients.FailsAsync(Clients.Of(wire, ByteServer.Streams(() => new PieceStream(bytes[..length], [], end))));
                Assert.True(failed.Fault == ModelFault.StreamDropped, $"at {length} by {end}: {failed}");
            }
        }
    }

    [Fact]
    public async Task Before_a_stream_is_dropped_all_that_came_is_handed_on()
    {
        var text = new StringBuilder();
        var client = Clients.OpenAI(ByteServer.Streams(Recordings.Frames("""{"choices":[{"delta":{"content":"paid "}}]}""", """{"choices":[{"delta":{"content":"for"}}]}"""), StreamEnd.Break));
        var failed = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "hi")])) text.Append(update.Text);
        });
        Assert.Equal(("paid for", ModelFault.StreamDropped, true), (text.ToString(), failed.Fault, failed.IsTransient));
    }

    [Theory]
    [InlineData("{\"choices\":[{\"delta\":")]
    [InlineData("[1,2]")]
    [InlineData("{\"choices\":7}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":{\"no\":1}}}]}")]
    [InlineData("hello")]
    public async Task A_frame_that_is_not_what_the_format_says_is_malformed(string payload)
    {
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(payload))));
        Assert.Equal((ModelFault.Malformed, false), (failed.Fault, failed.IsTransient));
        Assert.Contains(payload, failed.Message);
    }

    [Theory]
    [InlineData("{\"type\":")]
    [InlineData("{\"no\":\"type\"}")]
    [InlineData("{\"type\":\"content_block_delta\"}")]
    [InlineData("{\"type\":\"message_start\"}")]
    public async Task A_frame_of_Anthropic_that_is_not_what_the_format_says_is_malformed(string payload) =>
        Assert.Equal(ModelFault.Malformed, (await Clients.FailsAsync(Clients.Anthropic(ByteServer.Streams(RefusalTests.Start() + Recordings.Frames(payload, "{}"))))).Fault);

    [Fact]
    public async Task Bytes_that_are_no_text_are_malformed()
    {
        byte[] bytes = [.. "data: {\"choices\":[{\"delta\":{\"content\":\""u8, 0xC3, 0x28, .. "\"}}]}\n\ndata: [DONE]\n\n"u8];
        Assert.Equal(ModelFault.Malformed, (await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(() => new PieceStream(bytes, [], StreamEnd.Eof))))).Fault);
    }

    [Fact]
    public async Task A_frame_longer_than_its_bound_is_refused_and_one_as_long_is_taken()
    {
        static string Frame(int length) => "{\"choices\":[{\"delta\":{\"content\":\"" + new string('x', length - 38) + "\"}}]}";
        var options = new ModelClientOptions { MaxFrameBytes = 100_000 };
        Assert.Equal(100_000, Frame(100_000).Length);
        Assert.NotEmpty(await Clients.ReadAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(Frame(100_000))), options)));
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(Frame(100_001))), options));
        Assert.Equal((ModelFault.Malformed, true), (failed.Fault, failed.Message.Contains("100000")));
        failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams("data: " + new string('x', 300_000)), options));
        Assert.Equal(ModelFault.Malformed, failed.Fault);
    }

    [Fact]
    public async Task An_answer_longer_than_its_bound_is_refused()
    {
        var frames = Enumerable.Repeat("""{"choices":[{"delta":{"content":"xxxxxxxxxx"}}]}""", 1000).ToArray();
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(frames)), new() { MaxAnswerBytes = 10_000 }));
        Assert.Equal((ModelFault.Malformed, true), (failed.Fault, failed.Message.Contains("10000")));
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task More_calls_than_their_bound_are_refused(ModelWire wire)
    {
        var text = wire == ModelWire.OpenAI ? Recordings.OpenAITools : Recordings.AnthropicTools;
        var failed = await Clients.FailsAsync(Clients.Of(wire, ByteServer.Streams(text), new() { MaxToolCalls = 1 }));
        Assert.Equal((ModelFault.Malformed, true), (failed.Fault, failed.Message.Contains("MaxToolCalls")));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up_after_its_time()
    {
        var time = new FakeTime();
        var stream = PieceStream.Whole(Recordings.Frames("""{"choices":[{"delta":{"content":"x"}}]}"""), StreamEnd.Silence);
        var reading = Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(() => stream), new() { IdleTimeout = TimeSpan.FromSeconds(10) }, time));
        await stream.Silent.Task;
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var failed = await reading;
        Assert.Equal((ModelFault.TimedOut, true), (failed.Fault, failed.Message.Contains("10 s")));
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task A_caller_may_take_its_time_between_two_pieces()
    {
        var time = new FakeTime();
        var client = Clients.OpenAI(ByteServer.Streams(Recordings.OpenAITools), new() { IdleTimeout = TimeSpan.FromSeconds(10) }, time);
        var count = 0;
        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "hi")]))
        {
            time.Advance(TimeSpan.FromHours(1));
            count += update.Contents.Count;
        }

        Assert.Equal(7, count);
    }

    [Fact]
    public async Task A_provider_that_never_begins_is_given_up_after_its_time()
    {
        var time = new FakeTime();
        var server = new NeverServer();
        var reading = Clients.FailsAsync(Clients.OpenAI(server, new() { FirstPieceTimeout = TimeSpan.FromSeconds(30) }, time));
        await server.Asked.Task;
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ModelFault.TimedOut, (await reading).Fault);
    }

    [Fact]
    public async Task What_the_caller_gives_up_is_no_fault()
    {
        var stream = PieceStream.Whole(": hello\n\n", StreamEnd.Silence);
        using var cancel = new CancellationTokenSource();
        var reading = Clients.ReadAsync(Clients.OpenAI(ByteServer.Streams(() => stream)), cancel: cancel.Token);
        await stream.Silent.Task;
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => reading)).CancellationToken);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, ModelFault.Unreachable, "api.openai.com")]
    [InlineData(HttpRequestError.ConnectionError, ModelFault.Unreachable, "nobody answers")]
    [InlineData(HttpRequestError.SecureConnectionError, ModelFault.Unreachable, "certificate")]
    [InlineData(HttpRequestError.ProxyTunnelError, ModelFault.Unreachable, "HTTPS_PROXY")]
    [InlineData(HttpRequestError.ResponseEnded, ModelFault.Unreachable, "broke")]
    [InlineData(HttpRequestError.InvalidResponse, ModelFault.Malformed, "not HTTP")]
    public async Task A_connection_that_does_not_come_about_is_the_right_fault(HttpRequestError error, ModelFault fault, string says)
    {
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Throws(new HttpRequestException(error, "it failed"))));
        Assert.Equal(fault, failed.Fault);
        Assert.Contains(says, failed.Message);
    }

    [Fact]
    public async Task A_connection_attempt_that_the_handler_gives_up_is_unreachable() =>
        Assert.Equal(ModelFault.Unreachable, (await Clients.FailsAsync(Clients.OpenAI(ByteServer.Throws(new TaskCanceledException("connect", new TimeoutException()))))).Fault);

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var handler = new SocketsHttpHandler { UseProxy = false };
        var endpoint = new ModelEndpoint("local", ModelWire.OpenAI, new($"http://127.0.0.1:{port}"));
        var failed = await Clients.FailsAsync(new OpenAIChatClient(new HttpMessageInvoker(handler), endpoint, null, "m"));
        Assert.Equal((ModelFault.Unreachable, true), (failed.Fault, failed.IsTransient));
    }

    private sealed class NeverServer : HttpMessageHandler
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            Asked.TrySetResult();
            return await never.Task;
        }
    }
}
