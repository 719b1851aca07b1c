using System.Text.Json;

namespace Skep.Testing.Tests;

public sealed class WireTests
{
    private static ScriptedModel Rich() => ScriptedModel.Build(s => s.Always().Thinks("hmm, bees").Says("I look it up.").Calls("search", """{"q":"bees 蜂 everywhere"}""").Calls("read", "{}"));

    [Fact]
    public async Task An_openai_stream_joins_to_the_whole_answer()
    {
        using var client = Ask.Client(Rich());
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), $",\"stream\":true,\"stream_options\":{{\"include_usage\":true}},\"tools\":{Ask.Tools}"));
        Assert.Null(error);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var events = Ask.Events(text);
        var deltas = events.Where(e => e.GetProperty("choices").GetArrayLength() > 0).Select(e => e.GetProperty("choices")[0].GetProperty("delta")).ToList();
        Assert.Equal("assistant", deltas[0].GetProperty("role").GetString());
        Assert.Equal("I look it up.", Join(deltas, "content"));
        Assert.Equal("hmm, bees", Join(deltas, "reasoning_content"));
        var calls = deltas.Where(d => d.TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("tool_calls")[0]).ToList();
        Assert.Equal(2, calls.Count(c => c.TryGetProperty("id", out _)));
        var first = calls.Where(c => c.GetProperty("index").GetInt32() == 0).Select(c => c.GetProperty("function").GetProperty("arguments").GetString()).ToList();
        Assert.Equal("""{"q":"bees 蜂 everywhere"}""", string.Concat(first));
        Assert.True(first.Count >= 3);
        Assert.Equal("tool_calls", events[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.True(events[^1].GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, events[0].GetProperty("usage").ValueKind);
    }

    [Fact]
    public async Task An_openai_stream_tells_usage_only_when_asked()
    {
        using var client = Ask.Client(Rich());
        var (text, _) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), $",\"stream\":true,\"tools\":{Ask.Tools}"));
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anthropic_stream_joins_to_the_whole_answer()
    {
        using var client = Ask.Client(Rich());
        var (text, error) = await client.StreamAsync(Ask.Anthropic(Ask.User("x"), $",\"stream\":true,\"tools\":{Ask.AnthropicTools}"));
        Assert.Null(error);
        var events = Ask.Events(text);
        string Type(JsonElement e) => e.GetProperty("type").GetString()!;
        Assert.Equal(["message_start", "ping"], events.Take(2).Select(Type));
        Assert.Equal(["message_delta", "message_stop"], events.TakeLast(2).Select(Type));
        Assert.Equal(["thinking", "text", "tool_use", "tool_use"], events.Where(e => Type(e) == "content_block_start").Select(e => e.GetProperty("content_block").GetProperty("type").GetString()));
        Assert.Equal(4, events.Count(e => Type(e) == "content_block_stop"));
        var deltas = events.Where(e => Type(e) == "content_block_delta").ToList();
        string Of(int index, string name) => string.Concat(deltas.Where(d => d.GetProperty("index").GetInt32() == index && d.GetProperty("delta").TryGetProperty(name, out _)).Select(d => d.GetProperty("delta").GetProperty(name).GetString()));
        Assert.Equal("hmm, bees", Of(0, "thinking"));
        Assert.NotEmpty(Of(0, "signature"));
        Assert.Equal("I look it up.", Of(1, "text"));
        Assert.Equal("""{"q":"bees 蜂 everywhere"}""", Of(2, "partial_json"));
        Assert.Equal("{}", Of(3, "partial_json"));
        Assert.Equal("tool_use", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
        Assert.True(events[^2].GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
        Assert.All(text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), f => Assert.StartsWith("event: ", f, StringComparison.Ordinal));
    }

    private static string Join(IEnumerable<JsonElement> deltas, string name) =>
        string.Concat(deltas.Where(d => d.TryGetProperty(name, out _)).Select(d => d.GetProperty(name).GetString()));

    private const string Call = """{"id":"c1","type":"function","function":{"name":"search","arguments":"{}"}}""";
    private const string User = """{"role":"user","content":"x"}""";
    private const string Calling = $$$$"""{"role":"assistant","content":null,"tool_calls":[{{{{Call}}}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"c1","content":"r"}""";

    [Theory]
    [InlineData("not json", "could not parse the JSON body")]
    [InlineData("""{"messages":[]}""", "you must provide a model parameter")]
    [InlineData("""{"model":"m"}""", "Missing required parameter: 'messages'")]
    [InlineData("""{"model":"m","messages":[]}""", "Invalid 'messages': empty array")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"max_turns":3}""", "Unrecognized request argument supplied: max_turns")]
    [InlineData("""{"model":"m","messages":[{"role":"bot","content":"x"}]}""", "Invalid value: 'bot'. Supported values are")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "expected a string, got null")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Result}}}}]}""", "must be a response to a preceeding message with 'tool_calls'")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Calling}}}}]}""", "did not have response messages: c1")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Calling}}}},{{{{User}}}},{{{{Result}}}}]}""", "did not have response messages: c1")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Calling}}}},{{{{Result}}}},{{{{Result}}}}]}""", "Duplicate value for 'tool_call_id' of 'c1'")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Calling}}}},{{{{Result}}}},{{{{User}}}},{{{{Result}}}}]}""", "must be a response to a preceeding message")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{{{{Calling}}}},{"role":"tool","tool_call_id":"c2","content":"r"}]}""", "'tool_call_id' of 'c2' not found")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{}}}]}]}""", "expected a string, but got an object")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"tools":[]}""", "Invalid 'tools': empty array")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"tools":[{"type":"function","function":{"name":"a b"}}]}""", "does not match pattern")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"tool_choice":"auto"}""", "only allowed when 'tools' are specified")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"temperature":3}""", "decimal above maximum value")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"max_tokens":0}""", "integer below minimum value")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"stream_options":{"include_usage":true}}""", "only allowed when 'stream' is enabled")]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}],"response_format":{"type":"json_object"}}""", "must contain the word 'json'")]
    [InlineData($$$$$"""{"model":"m","messages":[{{{{{User}}}}}],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}}""", "response_format.json_schema.name")]
    public async Task What_openai_refuses_is_refused(string body, string expected)
    {
        var model = ScriptedModel.Build(s => s.Always().Says("x"));
        using var client = Ask.Client(model);
        var (status, json) = await client.JsonAsync(Ask.Post("v1/chat/completions", body));
        Assert.Equal(400, status);
        Assert.Contains(expected, json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(ExchangeOutcome.Refused, Assert.Single(model.Exchanges.All()).Outcome);
    }

    private const string Use = """{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"search","input":{}}]}""";
    private const string Used = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"}]}""";

    [Theory]
    [InlineData($$$$"""{"model":"m","messages":[{{{{User}}}}]}""", "max_tokens: Field required")]
    [InlineData($$$$"""{"model":"m","max_tokens":0,"messages":[{{{{User}}}}]}""", "max_tokens: Input should be greater than or equal to 1")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[]}""", "at least one message is required")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}}],"n":2}""", "n: Extra inputs are not permitted")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"system","content":"x"}]}""", "Unexpected role \"system\"")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"tool","content":"x"}]}""", "messages.0.role: Input should be 'user' or 'assistant'")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":"x"}]}""", "first message must use the \"user\" role")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":""}]}""", "all messages must have non-empty content")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""", "text content blocks must be non-empty")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}}]}""", "without `tool_result` blocks immediately after: t1")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}},{{{{User}}}}]}""", "without `tool_result` blocks immediately after: t1")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{Used}}}}]}""", "unexpected `tool_use_id` found")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}},{{{{Used}}}},{{{{Used}}}}]}""", "unexpected `tool_use_id` found")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"},{"type":"tool_result","tool_use_id":"t1"}]}]}""", "Found multiple `tool_result` blocks with id: t1")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}},{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"t1"}]}]}""", "immediately after")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{{{{Use}}}},{{{{Used}}}},{{{{Use}}}},{{{{Used}}}}]}""", "`tool_use` ids must be unique")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}},{{{{Use}}}},{{{{Used}}}}]}""", "must define tools")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}},{"role":"assistant","content":"so "}]}""", "cannot end with trailing whitespace")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}}],"temperature":1.5}""", "temperature: range: 0..1")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}}],"tools":[{"name":"a"}]}""", "tools.0.custom.input_schema: Field required")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}}],"tools":[{"name":"a","input_schema":{"type":"object"}},{"name":"a","input_schema":{"type":"object"}}]}""", "Tool names must be unique")]
    [InlineData($$$$"""{"model":"m","max_tokens":2000,"messages":[{{{{User}}}}],"thinking":{"type":"enabled","budget_tokens":2000}}""", "must be greater than `thinking.budget_tokens`")]
    [InlineData($$$$"""{"model":"m","max_tokens":9,"messages":[{{{{User}}}},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"forged"},{"type":"text","text":"x"}]},{{{{User}}}}]}""", "Invalid `signature` in `thinking` block")]
    public async Task What_anthropic_refuses_is_refused(string body, string expected)
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Says("x")));
        var request = Ask.Post("v1/messages", body);
        request.Headers.Add("anthropic-version", "2023-06-01");
        var (status, json) = await client.JsonAsync(request);
        Assert.Equal(400, status);
        Assert.Equal("error", json.GetProperty("type").GetString());
        Assert.Equal("invalid_request_error", json.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains(expected, json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anthropic_wants_its_version_and_consecutive_messages_of_a_user_are_one_turn()
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Says("x")));
        Assert.Equal("400: anthropic-version: header is required", await client.TextAsync(Ask.Post("v1/messages", "{}")));
        Assert.Equal("x", await client.TextAsync(Ask.Anthropic($"[{User},{User}]")));
    }

    [Fact]
    public async Task Thinking_that_came_before_a_call_must_come_back_with_it()
    {
        using var client = Ask.Client(ScriptedModel.Build(s =>
        {
            s.When(m => m.Turns(0)).Thinks("hm").Calls("search");
            s.Always().Says("done");
        }));
        var more = $",\"thinking\":{{\"type\":\"adaptive\"}},\"tools\":{Ask.AnthropicTools}";
        var (_, json) = await client.JsonAsync(Ask.Anthropic(Ask.User("x"), more));
        var (thinking, call) = (json.GetProperty("content")[0].GetRawText(), json.GetProperty("content")[1]);
        string Next(string blocks) => $$$$"""[{{{{User}}}},{"role":"assistant","content":[{{{{blocks}}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{{call.GetProperty("id").GetString()}}}}","content":"r"}]}]""";
        Assert.Equal("done", await client.TextAsync(Ask.Anthropic(Next($"{thinking},{call.GetRawText()}"), more)));
        Assert.Contains("Expected `thinking`", await client.TextAsync(Ask.Anthropic(Next(call.GetRawText()), more)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1/nothing", 404)]
    [InlineData("v1/models", 405)]
    public async Task Other_paths_and_methods_are_errors(string path, int status)
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Says("x")));
        Assert.Equal(status, (await client.JsonAsync(Ask.Post(path, "{}"))).Status);
    }

    [Fact]
    public void The_same_conversation_has_one_prefix_over_both_wires()
    {
        var openAi = Wire.OpenAi.OpenAiReader.Read(Raw($$$$"""{"model":"a","messages":[{"role":"system","content":"s"},{{{{User}}}},{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"search","arguments":"{ \"b\": 1.0, \"a\": 2 }"}}]},{"role":"tool","tool_call_id":"t1","content":"r"}]}"""), null);
        var anthropic = Wire.Anthropic.AnthropicReader.Read(Raw($$$$"""{"model":"b","max_tokens":9,"system":"s","tools":{{{{Ask.AnthropicTools}}}},"messages":[{{{{User}}}},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"search","input":{"a":2,"b":1}}]},{{{{Used}}}}]}"""), null);
        Assert.Equal(openAi.Prefix, anthropic.Prefix);
        Assert.Equal(openAi.EarlierPrefixes, anthropic.EarlierPrefixes);
        Assert.Single(openAi.EarlierPrefixes);
    }

    private static Wire.WireRequest Raw(string body) =>
        new("POST", "/", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["anthropic-version"] = "1" }, System.Text.Encoding.UTF8.GetBytes(body));
}
