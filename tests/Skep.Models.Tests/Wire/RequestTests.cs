using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Wire;

/// <summary>What is sent, against golden files beside this one.</summary>
public class RequestTests
{
    private static readonly ByteServer AnyOpenAI = ByteServer.Streams(Recordings.OpenAITools);

    [Fact]
    public async Task A_turn_with_tools_in_the_format_of_OpenAI() =>
        Golden("openai-tools.json", await SentAsync(ModelWire.OpenAI, Conversation.WithTools(), AllOptions()));

    [Fact]
    public async Task A_turn_with_tools_in_the_format_of_Anthropic() =>
        Golden("anthropic-tools.json", await SentAsync(ModelWire.Anthropic, Conversation.WithTools(), AllOptions()));

    [Fact]
    public async Task Without_prompt_caching_nothing_is_marked()
    {
        var server = ByteServer.Streams(Recordings.AnthropicTools);
        await Clients.Anthropic(server, new() { PromptCaching = false }).GetResponseAsync(Conversation.WithTools(), AllOptions());
        Assert.DoesNotContain("cache_control", server.LastBody);
        Assert.Contains("cache_control", await SentAsync(ModelWire.Anthropic, Conversation.WithTools(), AllOptions()));
    }

    [Fact]
    public async Task The_smallest_request_has_nothing_that_was_not_asked_for()
    {
        Assert.Equal("""{"model":"gpt-4.1","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""",
            await SentAsync(ModelWire.OpenAI, [new(ChatRole.User, "hi")], null));
        Assert.Equal("""{"model":"claude-sonnet-4-5","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"stream":true}""",
            await SentAsync(ModelWire.Anthropic, [new(ChatRole.User, "hi")], null));
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task An_answer_goes_back_as_it_came(ModelWire wire)
    {
        var server = ByteServer.Streams(wire == ModelWire.OpenAI ? Recordings.OpenAITools : Recordings.AnthropicTools);
        var client = Clients.Of(wire, server);
        List<ChatMessage> messages = [new(ChatRole.System, "sys"), new(ChatRole.User, "weather?")];
        var response = await client.GetResponseAsync(messages);
        messages.AddRange(response.Messages);
        messages.Add(new(ChatRole.Tool, [.. response.Messages[^1].Contents.OfType<FunctionCallContent>().Select(c => new FunctionResultContent(c.CallId, "ok"))]));
        await client.GetResponseAsync(messages);
        Golden(wire == ModelWire.OpenAI ? "openai-loop.json" : "anthropic-loop.json", server.LastBody);
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task Malformed_arguments_go_back_inside_of_well_formed_ones(ModelWire wire)
    {
        var call = new FunctionCallContent("a", "weather") { AdditionalProperties = new() { [ModelProperties.RawArguments] = "{\"place\": " } };
        var body = await SentAsync(wire, [new(ChatRole.User, "hi"), new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("a", "bad")])], null);
        var root = JsonDocument.Parse(body).RootElement.GetProperty("messages")[1];
        var input = wire == ModelWire.Anthropic
            ? root.GetProperty("content")[0].GetProperty("input")
            : JsonDocument.Parse(root.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!).RootElement;
        Assert.Equal("{\"place\": ", input.GetProperty("malformed_arguments").GetString());
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task Text_that_was_cut_through_a_character_can_be_sent(ModelWire wire)
    {
        var half = "cut \ud83d";
        var body = await SentAsync(wire,
            [
                new(ChatRole.System, half), new(ChatRole.User, half + "🐝"),
                new(ChatRole.Assistant, [new FunctionCallContent("a", "t", new Dictionary<string, object?> { ["x"] = half })]),
                new(ChatRole.Tool, [new FunctionResultContent("a", half)]),
            ], null);
        var user = JsonDocument.Parse(body).RootElement.GetProperty("messages").EnumerateArray().First(m => m.GetProperty("role").GetString() == "user").GetProperty("content");
        Assert.Equal("cut \ufffd🐝", wire == ModelWire.OpenAI ? user.GetString() : user[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Values_of_all_kinds_are_written_without_reflection()
    {
        var arguments = new Dictionary<string, object?>
        {
            ["null"] = null, ["yes"] = true, ["int"] = 1, ["long"] = 2L, ["double"] = 1.5, ["decimal"] = 2.5m, ["nan"] = double.NaN, ["text"] = "t",
            ["element"] = Conversation.JsonElement("[1]"), ["node"] = System.Text.Json.Nodes.JsonNode.Parse("{\"a\":1}"), ["list"] = new List<object?> { 1, "b" },
            ["map"] = new Dictionary<string, object?> { ["c"] = null }, ["other"] = new Uri("http://x/"),
        };
        var body = await SentAsync(ModelWire.Anthropic, [new(ChatRole.User, "hi"), new(ChatRole.Assistant, [new FunctionCallContent("a", "t", arguments)])], null);
        Assert.Contains("""{"null":null,"yes":true,"int":1,"long":2,"double":1.5,"decimal":2.5,"nan":"NaN","text":"t","element":[1],"node":{"a":1},"list":[1,"b"],"map":{"c":null},"other":"http://x/"}""", body);
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task Results_of_all_kinds_become_text(ModelWire wire)
    {
        object?[] results = ["plain", Conversation.JsonElement("\"quoted\""), Conversation.JsonElement("{\"a\":1}"), new TextContent("content"), new List<AIContent> { new TextContent("x"), new TextContent("y") }, 7, null];
        var message = new ChatMessage(ChatRole.Tool, [.. results.Select((r, i) => new FunctionResultContent($"c{i}", r))]);
        var messages = JsonDocument.Parse(await SentAsync(wire, [new(ChatRole.User, "hi"), message], null)).RootElement.GetProperty("messages").EnumerateArray();
        var texts = wire == ModelWire.OpenAI
            ? messages.Skip(1).Select(m => m.GetProperty("content").GetString())
            : messages.Single().GetProperty("content").EnumerateArray().Where(b => b.GetProperty("type").GetString() == "tool_result").Select(b => b.GetProperty("content").GetString());
        Assert.Equal(["plain", "quoted", "{\"a\":1}", "content", "xy", "7", ""], texts);
    }

    [Fact]
    public async Task A_later_system_message_stays_in_its_place_for_Anthropic()
    {
        var body = await SentAsync(ModelWire.Anthropic,
            [new(ChatRole.System, "first"), new(ChatRole.User, "a"), new(ChatRole.Assistant, "b"), new(ChatRole.System, "later"), new(ChatRole.User, " ")], null);
        var root = JsonDocument.Parse(body).RootElement;
        Assert.Equal("first", root.GetProperty("system")[0].GetProperty("text").GetString());
        Assert.Equal(["user", "assistant", "user"], root.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Equal("<system>\nlater\n</system>", root.GetProperty("messages")[2].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory, InlineData(ModelWire.OpenAI), InlineData(ModelWire.Anthropic)]
    public async Task A_developer_is_the_system(ModelWire wire)
    {
        List<ChatMessage> Messages(string role) => [new(new ChatRole(role), "rules"), new(ChatRole.User, "hi")];
        Assert.Equal(await SentAsync(wire, Messages("system"), null), await SentAsync(wire, Messages("developer"), null));
    }

    [Theory]
    [InlineData("auto", """{"type":"auto"}""", "\"auto\"")]
    [InlineData("none", """{"type":"none"}""", "\"none\"")]
    [InlineData("any", """{"type":"any"}""", "\"required\"")]
    [InlineData("now", """{"type":"tool","name":"now"}""", """{"type":"function","function":{"name":"now"}}""")]
    public async Task How_tools_are_to_be_used(string mode, string anthropic, string openAI)
    {
        ChatToolMode wanted = mode switch { "auto" => ChatToolMode.Auto, "none" => ChatToolMode.None, "any" => ChatToolMode.RequireAny, _ => ChatToolMode.RequireSpecific(mode) };
        var options = new ChatOptions { Tools = [Conversation.Now], ToolMode = wanted };
        Assert.Contains("\"tool_choice\":" + anthropic, await SentAsync(ModelWire.Anthropic, [new(ChatRole.User, "hi")], options));
        Assert.Contains("\"tool_choice\":" + openAI, await SentAsync(ModelWire.OpenAI, [new(ChatRole.User, "hi")], options));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", ReasoningEffort.Low, """{"type":"enabled","budget_tokens":2048}""")]
    [InlineData("claude-sonnet-4-6", ReasoningEffort.High, """{"type":"adaptive"},"output_config":{"effort":"high"}""")]
    [InlineData("claude-sonnet-4-5", ReasoningEffort.None, """{"type":"disabled"}""")]
    public async Task How_hard_to_think(string model, ReasoningEffort effort, string expected)
    {
        var options = new ChatOptions { ModelId = model, Reasoning = new() { Effort = effort } };
        Assert.Contains("\"thinking\":" + expected, await SentAsync(ModelWire.Anthropic, [new(ChatRole.User, "hi")], options));
        Assert.Contains("\"reasoning_effort\":", await SentAsync(ModelWire.OpenAI, [new(ChatRole.User, "hi")], options));
    }

    [Fact]
    public async Task Headers_carry_the_key_the_version_and_the_idempotency_key()
    {
        var options = new ChatOptions { AdditionalProperties = new() { [ModelProperties.IdempotencyKey] = "run/task/1/2" } };
        var (openAI, anthropic) = (ByteServer.Streams(Recordings.OpenAITools), ByteServer.Streams(Recordings.AnthropicTools));
        await Clients.ReadAsync(Clients.OpenAI(openAI), options);
        await Clients.ReadAsync(Clients.Anthropic(anthropic), options);
        Assert.Equal(("Bearer " + Clients.Key, null, "run/task/1/2"), (openAI.Header("Authorization"), openAI.Header("x-api-key"), openAI.Header("Idempotency-Key")));
        Assert.Equal((null, Clients.Key, "run/task/1/2"), (anthropic.Header("Authorization"), anthropic.Header("x-api-key"), anthropic.Header("Idempotency-Key")));
        Assert.Equal("2023-06-01", anthropic.Header("anthropic-version"));
        Assert.Equal("https://api.openai.com/v1/chat/completions", openAI.Asked[0].Request.RequestUri!.AbsoluteUri);
        Assert.Equal("https://api.anthropic.com/v1/messages", anthropic.Asked[0].Request.RequestUri!.AbsoluteUri);
    }

    [Fact]
    public async Task An_idempotency_key_that_no_header_can_hold_is_hashed()
    {
        var server = ByteServer.Streams(Recordings.OpenAITools);
        await Clients.ReadAsync(Clients.OpenAI(server), new() { AdditionalProperties = new() { [ModelProperties.IdempotencyKey] = "a\r\nx-evil: 1/ü" } });
        Assert.Matches("^[0-9A-F]{64}$", server.Header("Idempotency-Key"));
        Assert.Null(server.Header("x-evil"));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_and_not_left_out()
    {
        var client = Clients.OpenAI(AnyOpenAI);
        var message = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        var failed = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync([message]));
        Assert.Equal((ModelFault.BadRequest, true), (failed.Fault, failed.Message.Contains("DataContent")));
        failed = await Clients.FailsAsync(client, new() { Tools = [new HostedWebSearchTool()] });
        Assert.Equal((ModelFault.BadRequest, true), (failed.Fault, failed.Message.Contains("web_search")));
    }

    [Fact]
    public void A_client_says_what_it_is()
    {
        using var client = Clients.OpenAI(AnyOpenAI);
        var metadata = client.GetRequiredService<ChatClientMetadata>();
        Assert.Equal(("openai", "gpt-4.1"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(client, client.GetService<OpenAIChatClient>());
        Assert.Null(client.GetService<AnthropicChatClient>());
    }

    private static ChatOptions AllOptions() => new()
    {
        Tools = [Conversation.Weather, Conversation.Now],
        ToolMode = ChatToolMode.Auto,
        AllowMultipleToolCalls = false,
        Temperature = 0.5f,
        TopP = 0.25f,
        MaxOutputTokens = 1000,
        StopSequences = ["END"],
        ResponseFormat = ChatResponseFormat.ForJsonSchema(Conversation.JsonElement("""{"type":"object","properties":{"degrees":{"type":"number"}}}"""), "report", "What it is like."),
    };

    private static async Task<string> SentAsync(ModelWire wire, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var server = ByteServer.Streams(wire == ModelWire.OpenAI ? Recordings.OpenAITools : Recordings.AnthropicTools);
        await Clients.Of(wire, server).GetResponseAsync(messages, options);
        return server.LastBody;
    }

    // SKEP_GOLDEN=write writes the files anew, for a person to look at.
    private static void Golden(string name, string body)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Wire", "golden", name);
        var actual = Conversation.Indented(body) + "\n";
        if (Environment.GetEnvironmentVariable("SKEP_GOLDEN") == "write") File.WriteAllText(Path.Combine(Source(), name), actual);
        else Assert.Equal(File.ReadAllText(file), actual);
    }

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "golden");
}
