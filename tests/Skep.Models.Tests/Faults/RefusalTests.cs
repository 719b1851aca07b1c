using Skep.Models.Endpoints;
using Skep.Models.Tests.Wire;

namespace Skep.Models.Tests.Faults;

/// <summary>Answers with an error's status, and errors inside of streams: each is the right fault.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(401, ModelFault.Unauthorized, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""")]
    [InlineData(402, ModelFault.Forbidden, """{"error":{"message":"Insufficient credits"}}""")]
    [InlineData(403, ModelFault.Forbidden, """{"error":{"message":"Country not supported","code":"unsupported_country"}}""")]
    [InlineData(404, ModelFault.NotFound, """{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}""")]
    [InlineData(408, ModelFault.TimedOut, "")]
    [InlineData(413, ModelFault.ContextTooLong, """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""")]
    [InlineData(429, ModelFault.RateLimited, """{"error":{"message":"Rate limit reached; see https://platform.openai.com/account/billing","code":"rate_limit_exceeded"}}""")]
    [InlineData(429, ModelFault.Forbidden, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""")]
    [InlineData(500, ModelFault.ServerError, "<html>oops</html>")]
    [InlineData(502, ModelFault.ServerError, "")]
    [InlineData(503, ModelFault.Overloaded, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""")]
    [InlineData(529, ModelFault.Overloaded, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [InlineData(400, ModelFault.BadRequest, """{"error":{"message":"Unsupported value: 'temperature'"}}""")]
    [InlineData(422, ModelFault.BadRequest, """{"detail":[{"loc":["body"],"msg":"field required"}]}""")]
    [InlineData(400, ModelFault.ContextTooLong, """{"error":{"message":"too long","code":"context_length_exceeded"}}""")]
    [InlineData(400, ModelFault.ContextTooLong, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000","type":"BadRequestError","code":400}""")]
    [InlineData(400, ModelFault.ContextTooLong, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 212345 tokens > 200000 maximum"}}""")]
    [InlineData(400, ModelFault.ContextTooLong, """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"}}""")]
    [InlineData(400, ModelFault.ContextTooLong, """{"error":{"code":400,"message":"the request exceeds the available context size. try increasing it","type":"exceed_context_size_error"}}""")]
    [InlineData(400, ModelFault.Forbidden, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API"}}""")]
    [InlineData(400, ModelFault.Filtered, """{"error":{"message":"The response was filtered","code":"content_filter","status":400}}""")]
    [InlineData(307, ModelFault.NotFound, "")]
    public async Task A_status_is_the_right_fault(int status, ModelFault fault, string body)
    {
        foreach (var wire in Enum.GetValues<ModelWire>())
        {
            var failed = await Clients.FailsAsync(Clients.Of(wire, ByteServer.Refuses(status, body)));
            Assert.Equal((fault, (int?)status), (failed.Fault, failed.Status));
            Assert.Contains(wire == ModelWire.OpenAI ? "provider 'openai' (https://api.openai.com/v1)" : "provider 'anthropic' (https://api.anthropic.com)", failed.Message);
            Assert.Contains($"({status})", failed.Message);
        }
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ModelFault.Overloaded)]
    [InlineData("""{"type":"error","error":{"type":"api_error","message":"Internal"}}""", ModelFault.ServerError)]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}""", ModelFault.RateLimited)]
    [InlineData("""{"type":"error","error":{"type":"authentication_error","message":"who?"}}""", ModelFault.Unauthorized)]
    [InlineData("""{"type":"error","error":{"type":"permission_error","message":"no"}}""", ModelFault.Forbidden)]
    [InlineData("""{"type":"error","error":{"type":"not_found_error","message":"no"}}""", ModelFault.NotFound)]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}""", ModelFault.ContextTooLong)]
    [InlineData("""{"error":{"message":"The server had an error","type":"server_error","code":null}}""", ModelFault.ServerError)]
    [InlineData("""{"error":{"message":"too many","type":"BadRequestError","param":null,"code":429}}""", ModelFault.RateLimited)]
    [InlineData("""{"error":"out of memory"}""", ModelFault.ServerError)]
    [InlineData("""{"object":"error","message":"maximum context length is 10","type":"BadRequestError","code":400}""", ModelFault.ContextTooLong)]
    public async Task An_error_inside_of_a_stream_is_the_right_fault(string frame, ModelFault fault)
    {
        var openAI = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.Frames("""{"choices":[{"delta":{"content":"x"}}]}""", frame))));
        var anthropic = await Clients.FailsAsync(Clients.Anthropic(ByteServer.Streams(Start() + $"event: error\ndata: {frame}\n\n")));
        Assert.Equal((fault, fault), (openAI.Fault, anthropic.Fault));
        Assert.Equal((null, new TokenCount(20, 2, 100, 30)), (openAI.Used, anthropic.Used));
    }

    [Fact]
    public async Task An_error_of_older_llama_servers_is_heard() =>
        Assert.Equal(ModelFault.ServerError, (await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams("error: {\"code\":500,\"message\":\"slot failed\"}\n\n")))).Fault);

    [Fact]
    public async Task A_choice_that_ends_in_an_error_is_one()
    {
        var frame = """{"choices":[{"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"upstream died"}}]}""";
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(frame))));
        Assert.Equal((ModelFault.ServerError, true), (failed.Fault, failed.Message.Contains("upstream died")));
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"refusal":"I will not."},"finish_reason":"stop"}]}""", "I will not.")]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"content_filter"}]}""", "a content filter ended the answer")]
    public async Task A_refusal_of_OpenAI_is_filtered_and_says_what_it_cost(string frame, string why)
    {
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Streams(Recordings.OpenAI(frame, """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}"""))));
        Assert.Equal((ModelFault.Filtered, new TokenCount(5, 2)), (failed.Fault, failed.Used));
        Assert.Contains(why, failed.Message);
        Assert.False(failed.IsTransient);
    }

    [Fact]
    public async Task A_refusal_of_Anthropic_is_filtered_and_says_what_it_cost()
    {
        var text = Recordings.AnthropicTools.Replace("\"stop_reason\":\"tool_use\"", "\"stop_reason\":\"refusal\"");
        var failed = await Clients.FailsAsync(Clients.Anthropic(ByteServer.Streams(text)));
        Assert.Equal((ModelFault.Filtered, new TokenCount(20, 89, 100, 30)), (failed.Fault, failed.Used));
    }

    [Theory, InlineData(401), InlineData(400), InlineData(500)]
    public async Task A_key_that_is_echoed_is_masked(int status)
    {
        var body = $$$"""{"error":{"message":"bad key {{{Clients.Key}}} in Bearer {{{Clients.Key}}}, also {{{Clients.Key[..12]}}}****cdef\u001b[2J"}}""";
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Refuses(status, body, ("x-request-id", Clients.Key))));
        Assert.DoesNotContain(Clients.Key[..8], failed.ToString());
        Assert.Contains("bad key *** in Bearer ***, also ***", failed.Message);
        Assert.DoesNotContain('\u001b', failed.Message);
    }

    [Fact]
    public async Task A_message_says_what_to_do()
    {
        Assert.Equal("""provider 'openai' (https://api.openai.com/v1) does not accept the key (401): "no". Set OPENAI_API_KEY to a valid key, in the environment or in .skep/secrets [request req_1]""",
            (await Clients.FailsAsync(Clients.OpenAI(ByteServer.Refuses(401, """{"error":{"message":"no"}}""", ("x-request-id", "req_1"))))).Message);
        Assert.Equal("""provider 'anthropic' (https://api.anthropic.com) had too many requests or tokens (429): "slow". Try again in 2.5 s; lower limits (rpm, tpm) for this provider avoid this""",
            (await Clients.FailsAsync(Clients.Anthropic(ByteServer.Refuses(429, """{"error":{"message":"slow"}}""", ("retry-after", "2.5"))))).Message);
    }

    [Fact]
    public async Task An_error_that_is_endless_is_cut()
    {
        var body = new string('x', 1_000_000);
        var failed = await Clients.FailsAsync(Clients.OpenAI(ByteServer.Refuses(500, body), new() { MaxErrorBytes = 1000 }));
        Assert.Equal(ModelFault.ServerError, failed.Fault);
        Assert.InRange(failed.Message.Length, 400, 600);
    }

    [Theory]
    [InlineData("application/json", """{"id":"x","choices":[{"message":{"content":"whole"}}]}""", ModelFault.Malformed)]
    [InlineData("text/html", "<html>a portal</html>", ModelFault.Malformed)]
    [InlineData("application/json", """{"error":{"message":"busy","type":"overloaded_error"}}""", ModelFault.Overloaded)]
    public async Task An_answer_that_is_no_stream_is_not_taken_for_one(string type, string body, ModelFault fault)
    {
        var server = ByteServer.Streams(() => PieceStream.Whole(body), r =>
        {
            r.Content.Headers.Remove("content-type");
            r.Content.Headers.TryAddWithoutValidation("content-type", type);
        });
        Assert.Equal(fault, (await Clients.FailsAsync(Clients.OpenAI(server))).Fault);
    }

    internal static string Start() => Recordings.AnthropicTools[..(Recordings.AnthropicTools.IndexOf("\n\n", StringComparison.Ordinal) + 2)];
}
