using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Wire;

/// <summary>What servers of the same format do differently, and what is left of an answer.</summary>
public class AnswerTests
{
    [Theory]
    [InlineData("""{"index":0,"id":"a","function":{"name":"t","arguments":"{\"x\":1}"}}""", """{"index":0,"id":"b","function":{"name":"t","arguments":"{\"x\":2}"}}""")]
    [InlineData("""{"id":"a","function":{"name":"t","arguments":"{\"x\":1}"}}""", """{"id":"b","function":{"name":"t","arguments":"{\"x\":2}"}}""")]
    [InlineData("""{"index":0,"id":"a","function":{"name":"t","arguments":{"x":1}}}""", """{"index":1,"id":"b","function":{"name":"t","arguments":{"x":2}}}""")]
    [InlineData("""{"index":1,"id":"a","function":{"name":"t","arguments":"{\"x\":1}"}}""", """{"index":2,"id":"b","function":{"name":"t","arguments":"{\"x\":2}"}}""")]
    public async Task Calls_are_told_apart_however_a_server_numbers_them(string first, string second)
    {
        var answer = await OpenAIAsync($$$"""{"choices":[{"delta":{"tool_calls":[{{{first}}}]}}]}""", $$$"""{"choices":[{"delta":{"tool_calls":[{{{second}}}]},"finish_reason":"stop"}]}""");
        Assert.Equal("id  model  finish tool_calls\ncall a t(x=1)\ncall b t(x=2)", answer);
    }

    [Fact]
    public async Task A_call_without_an_id_gets_one_that_is_the_same_each_time()
    {
        var frame = """{"id":"chatcmpl-77","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"t","arguments":"{}"}},{"index":1,"function":{"name":"u","arguments":""}}]},"finish_reason":"tool_calls"}]}""";
        var answer = await OpenAIAsync(frame);
        Assert.Equal("id chatcmpl-77 model  finish tool_calls\ncall call_0_chatcmpl-77 t()\ncall call_1_chatcmpl-77 u()", answer);
        Assert.Equal(answer, await OpenAIAsync(frame));
    }

    [Theory]
    [InlineData("{\\\"x\\\": ", "{\"x\": ")]
    [InlineData("[1]", "[1]")]
    [InlineData("just do it", "just do it")]
    public async Task Malformed_arguments_are_a_call_with_an_exception_and_the_text(string sent, string kept)
    {
        var answer = await OpenAIAsync($$$"""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"t","arguments":"{{{sent}}}"}}]},"finish_reason":"tool_calls"}]}""");
        Assert.Equal($"id  model  finish tool_calls\ncall a t() malformed {kept}", answer);
    }

    [Theory]
    [InlineData("length", "length")]
    [InlineData("stop", "stop")]
    [InlineData("function_call", "tool_calls")]
    [InlineData("something_new", "something_new")]
    public async Task Why_an_OpenAI_answer_ended(string said, string read) =>
        Assert.StartsWith($"id  model  finish {read}", await OpenAIAsync($$$"""{"choices":[{"delta":{"content":"x"},"finish_reason":"{{{said}}}"}]}"""));

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("pause_turn", "pause_turn")]
    public async Task Why_an_Anthropic_answer_ended(string said, string read)
    {
        var text = Recordings.AnthropicTools.Replace("\"stop_reason\":\"tool_use\"", $"\"stop_reason\":\"{said}\"");
        Assert.Contains($"finish {read}\n", Clients.Print(await Clients.ReadAsync(Clients.Anthropic(ByteServer.Streams(text)))));
    }

    [Fact]
    public async Task Usage_in_every_frame_is_counted_once()
    {
        var answer = await OpenAIAsync(
            """{"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"y"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}""");
        Assert.EndsWith("usage TokenCount { Input = 5, Output = 2, CacheRead = 0, CacheWrite = 0, Total = 7 } reasoning ", answer);
    }

    [Fact]
    public async Task Without_usage_nobody_pretends_to_know() =>
        Assert.DoesNotContain("usage", await OpenAIAsync("""{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"""));

    [Fact]
    public async Task The_last_blank_line_may_be_missing() =>
        Assert.Equal("id  model  finish \ntext x", Clients.Print(await Clients.ReadAsync(Clients.OpenAI(ByteServer.Streams("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]")))));

    [Fact]
    public async Task The_first_update_says_what_the_headers_said()
    {
        var server = ByteServer.Streams(() => PieceStream.Whole(Recordings.OpenAITools), response =>
        {
            response.Headers.TryAddWithoutValidation("x-request-id", "req_9");
            response.Headers.TryAddWithoutValidation("x-ratelimit-remaining-requests", "7");
        });
        var updates = await Clients.ReadAsync(Clients.OpenAI(server));
        Assert.Equal("req_9", updates[0].AdditionalProperties![ModelProperties.RequestId]);
        Assert.Equal(7, Assert.IsType<RateLimits>(updates[0].AdditionalProperties![ModelProperties.RateLimits]).RequestsLeft);
        Assert.All(updates.Skip(1), u => Assert.Null(u.AdditionalProperties));
    }

    [Fact]
    public async Task Who_observes_limits_hears_of_every_answer()
    {
        var observer = new Observer();
        var server = ByteServer.Streams(() => PieceStream.Whole(Recordings.OpenAITools), r => r.Headers.TryAddWithoutValidation("x-ratelimit-remaining-tokens", "9"));
        await Clients.ReadAsync(new OpenAIChatClient(new HttpMessageInvoker(server), Clients.OpenAIEndpoint, Clients.Key, "m", limits: observer));
        server = ByteServer.Refuses(429, "{}", ("x-ratelimit-remaining-tokens", "0"));
        await Clients.FailsAsync(new OpenAIChatClient(new HttpMessageInvoker(server), Clients.OpenAIEndpoint, Clients.Key, "m", limits: observer));
        Assert.Equal([9, 0], observer.Left);
    }

    [Fact]
    public async Task Who_stops_reading_closes_the_stream()
    {
        var stream = PieceStream.Whole(Recordings.OpenAITools, StreamEnd.Silence);
        await foreach (var update in Clients.OpenAI(ByteServer.Streams(() => stream)).GetStreamingResponseAsync([new(ChatRole.User, "hi")]))
        {
            Assert.NotEmpty(update.Contents);
            break;
        }

        Assert.True(stream.Disposed);
    }

    [Fact]
    public void Usage_of_other_clients_is_counted_without_overlap()
    {
        Assert.Equal(new TokenCount(60, 7, 40), TokenCount.FromUsage(new() { InputTokenCount = 100, OutputTokenCount = 7, CachedInputTokenCount = 40 }));
        Assert.Equal(new TokenCount(0, 0, 40), TokenCount.FromUsage(new() { InputTokenCount = 10, CachedInputTokenCount = 40 }));
        Assert.Equal(default, TokenCount.FromUsage(new()));
    }

    private static async Task<string> OpenAIAsync(params string[] payloads) =>
        Clients.Print(await Clients.ReadAsync(Clients.Of(ModelWire.OpenAI, ByteServer.Streams(Recordings.OpenAI(payloads)))));

    private sealed class Observer : IRateLimitObserver
    {
        public List<long?> Left { get; } = [];

        public void Observe(RateLimits limits) => Left.Add(limits.TokensLeft);
    }
}
