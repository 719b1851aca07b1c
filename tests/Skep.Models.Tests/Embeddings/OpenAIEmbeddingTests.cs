using System.Text.Json;
using Skep.Models.Embeddings;
using Skep.Models.Endpoints;
using Skep.Models.Tests.Wire;

namespace Skep.Models.Tests.Embeddings;

public sealed class OpenAIEmbeddingTests
{
    private const string Two = """{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0,1]},{"object":"embedding","index":0,"embedding":[1.5,-2e-1]}],"model":"m-1","usage":{"prompt_tokens":5,"total_tokens":5}}""";

    [Fact]
    public async Task Texts_go_out_as_the_format_says_and_vectors_come_in_their_order()
    {
        var server = ByteServer.Refuses(200, Two, ("x-request-id", "r1"));
        var answers = await Generator(server).GenerateAsync(["a \"quoted\" 🐝", "b"], new() { Dimensions = 2 });
        Assert.Equal([1.5f, -0.2f], answers[0].Vector.ToArray());
        Assert.Equal([0f, 1f], answers[1].Vector.ToArray());
        Assert.Equal(("m-1", 5), (answers[0].ModelId, answers.Usage!.TotalTokenCount));
        var body = JsonDocument.Parse(server.LastBody).RootElement;
        Assert.Equal(["model", "input", "encoding_format", "dimensions"], body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["a \"quoted\" 🐝", "b"], body.GetProperty("input").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(("embed-small", "float", 2), (body.GetProperty("model").GetString(), body.GetProperty("encoding_format").GetString(), body.GetProperty("dimensions").GetInt32()));
        Assert.Equal("https://api.openai.com/v1/embeddings", server.Asked[0].Request.RequestUri!.ToString());
        Assert.Equal("Bearer " + Clients.Key, server.Header("Authorization"));
    }

    [Fact]
    public async Task No_text_asks_nobody()
    {
        var server = ByteServer.Refuses(500, "");
        Assert.Empty(await Generator(server).GenerateAsync([]));
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(401, ModelFault.Unauthorized)]
    [InlineData(404, ModelFault.NotFound)]
    [InlineData(429, ModelFault.RateLimited)]
    [InlineData(500, ModelFault.ServerError)]
    [InlineData(503, ModelFault.Overloaded)]
    public async Task A_status_is_the_right_fault_and_the_key_is_not_told(int status, ModelFault fault)
    {
        var failed = await FailsAsync(ByteServer.Refuses(status, $$$"""{"error":{"message":"no, {{{Clients.Key}}}"}}""", ("retry-after", "7")));
        Assert.Equal((fault, (int?)status), (failed.Fault, failed.Status));
        Assert.Equal(TimeSpan.FromSeconds(7), failed.RetryAfter);
        Assert.DoesNotContain(Clients.Key, failed.Message);
    }

    [Theory]
    [InlineData("<html>hello</html>", "base URL")]
    [InlineData("{}", "no list 'data'")]
    [InlineData("""{"data":{}}""", "no list 'data'")]
    [InlineData("""{"data":[]}""", "0 vectors came for 2 texts")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""", "index 0 is there twice")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}""", "index 2")]
    [InlineData("""{"data":[{"index":0,"embedding":"AACAPw=="},{"index":1,"embedding":[1]}]}""", "item 0 has no list 'embedding'")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1e99]}]}""", "not finite")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":["x"]}]}""", "format of embeddings")]
    public async Task What_is_no_answer_is_malformed_and_says_how(string body, string how)
    {
        var failed = await FailsAsync(ByteServer.Refuses(200, body));
        Assert.Equal(ModelFault.Malformed, failed.Fault);
        Assert.Contains(how, failed.Message);
    }

    [Fact]
    public async Task An_answer_without_indexes_keeps_the_order()
    {
        var answers = await Generator(ByteServer.Refuses(200, """{"data":[{"embedding":[1]},{"embedding":[2]}]}""")).GenerateAsync(["a", "b"]);
        Assert.Equal([1f, 2f], answers.Select(a => a.Vector.Span[0]));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_not_read_to_its_end()
    {
        var failed = await FailsAsync(ByteServer.Refuses(200, new string(' ', 300_000)), new() { MaxAnswerBytes = 100_000 });
        Assert.Equal(ModelFault.Malformed, failed.Fault);
        Assert.Contains("MaxAnswerBytes", failed.Message);
    }

    [Fact]
    public async Task A_broken_connection_is_unreachable_and_worth_another_try()
    {
        var failed = await FailsAsync(ByteServer.Throws(new IOException("gone")));
        Assert.Equal((ModelFault.Unreachable, true), (failed.Fault, failed.IsTransient));
    }

    [Fact]
    public async Task A_caller_can_give_up()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var failed = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Generator(ByteServer.Throws(new OperationCanceledException())).GenerateAsync(["a"], cancellationToken: cancel.Token));
        Assert.Equal(cancel.Token, failed.CancellationToken);
    }

    [Fact]
    public async Task Too_many_texts_are_refused_before_anything_is_sent()
    {
        var server = ByteServer.Refuses(200, Two);
        var failed = await Assert.ThrowsAsync<ModelException>(() => Generator(server).GenerateAsync(Enumerable.Repeat("x", OpenAIEmbeddingGenerator.MaxTexts + 1)));
        Assert.Equal(ModelFault.BadRequest, failed.Fault);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public void A_format_without_embeddings_says_so()
    {
        using var http = new HttpMessageInvoker(ByteServer.Refuses(200, Two));
        var failed = Assert.Throws<ModelException>(() => new OpenAIEmbeddingGenerator(http, Clients.AnthropicEndpoint));
        Assert.Contains("hash embeddings", failed.Message);
    }

    [Theory]
    [InlineData("https://x.example", "https://x.example/v1/embeddings")]
    [InlineData("https://x.example/v1/", "https://x.example/v1/embeddings")]
    [InlineData("https://x.example/api/chat/completions?v=2", "https://x.example/api/embeddings?v=2")]
    public void The_address_is_beside_that_of_chats(string url, string address) =>
        Assert.Equal(address, new ModelEndpoint("x", ModelWire.OpenAI, new(url)).EmbeddingsAddress!.ToString());

    private static OpenAIEmbeddingGenerator Generator(HttpMessageHandler server, ModelClientOptions? options = null) =>
        new(new HttpMessageInvoker(server), Clients.OpenAIEndpoint, Clients.Key, "embed-small", options);

    private static Task<ModelException> FailsAsync(HttpMessageHandler server, ModelClientOptions? options = null) =>
        Assert.ThrowsAsync<ModelException>(() => Generator(server, options).GenerateAsync(["a", "b"]));
}
