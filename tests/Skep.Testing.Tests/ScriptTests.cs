using System.Text.Json;

namespace Skep.Testing.Tests;

public sealed class ScriptTests
{
    private const string Weather = """
        script: weather
        rules:
          - when: { turns: 0, user_matches: 'weather in (?<city>\w+)' }
            answer:
              reasoning: I have to look.
              calls:
                - { tool: search, args: { q: "weather ${city}", days: 3, exact: true, tags: [a, "1"] } }
                - { tool: read, args: { file: notes.txt } }
          - when: { tool: search, tool_result: sunny }
            answer: Take sunglasses to a place with ${tool}.
          - answer: I do not know.
        """;

    [Fact]
    public async Task A_rule_captures_from_the_request_and_calls_tools_in_parallel()
    {
        using var client = Ask.Client(ScriptedModel.Parse(Weather));
        var (_, json) = await client.JsonAsync(Ask.OpenAi(Ask.User("The weather in Oslo?"), $",\"tools\":{Ask.Tools}"));
        var message = json.GetProperty("choices")[0].GetProperty("message");
        var calls = message.GetProperty("tool_calls");
        Assert.Equal("""{"q":"weather Oslo","days":3,"exact":true,"tags":["a","1"]}""", calls[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("read", calls[1].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("I have to look.", message.GetProperty("reasoning_content").GetString());
        Assert.Equal("tool_calls", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conversation_with_results_of_tools_goes_on_over_both_wires(bool openAi)
    {
        var model = ScriptedModel.Parse(Weather);
        using var client = Ask.Client(model);
        var end = await Converse(client, openAi);
        Assert.Equal("Take sunglasses to a place with sunny, 20 degrees.", end);
        Assert.Equal(2, model.Exchanges.Total);
        Assert.All(model.Exchanges.All(), e => Assert.True(e.IsBought));
        Assert.Equal(["search", "read"], model.Exchanges.All()[1].Request!.LastToolResults.Select(r => r.Name));
    }

    private static async Task<string> Converse(HttpClient client, bool openAi)
    {
        if (openAi)
        {
            var (_, first) = await client.JsonAsync(Ask.OpenAi(Ask.User("weather in Oslo"), $",\"tools\":{Ask.Tools}"));
            var message = first.GetProperty("choices")[0].GetProperty("message");
            var calls = message.GetProperty("tool_calls");
            return await client.TextAsync(Ask.OpenAi($$"""
                [{"role":"user","content":"weather in Oslo"},{"role":"assistant","content":null,"tool_calls":{{calls.GetRawText()}}},
                 {"role":"tool","tool_call_id":"{{calls[0].GetProperty("id").GetString()}}","content":"sunny, 20 degrees"},
                 {"role":"tool","tool_call_id":"{{calls[1].GetProperty("id").GetString()}}","content":"nothing"}]
                """, $",\"tools\":{Ask.Tools}"));
        }

        var (_, json) = await client.JsonAsync(Ask.Anthropic(Ask.User("weather in Oslo"), $",\"tools\":{Ask.AnthropicTools}"));
        var content = json.GetProperty("content");
        return await client.TextAsync(Ask.Anthropic($$"""
            [{"role":"user","content":"weather in Oslo"},{"role":"assistant","content":{{content.GetRawText()}}},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"{{content[1].GetProperty("id").GetString()}}","content":"sunny, 20 degrees"},
                                       {"type":"tool_result","tool_use_id":"{{content[2].GetProperty("id").GetString()}}","content":[{"type":"text","text":"nothing"}]}]}]
            """, $",\"tools\":{Ask.AnthropicTools}"));
    }

    [Fact]
    public async Task The_same_turn_asked_again_has_the_same_ids_and_another_turn_has_others()
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Calls("search").Calls("search")));
        async Task<string[]> Ids(string user)
        {
            var (_, json) = await client.JsonAsync(Ask.OpenAi(Ask.User(user), $",\"tools\":{Ask.Tools}"));
            return [.. json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
        }

        var (first, again, other) = (await Ids("a"), await Ids("a"), await Ids("b"));
        Assert.Equal(first, again);
        Assert.Equal(4, first.Concat(other).Distinct().Count());
    }

    [Fact]
    public async Task A_rule_answers_as_often_as_it_says_per_script_agent_or_turn()
    {
        using var client = Ask.Client(ScriptedModel.Build(s =>
        {
            s.When(m => m.User("script")).Times(2).Says("rule");
            s.When(m => m.User("agent")).Times(1, RuleScope.Agent).Says("rule");
            s.When(m => m.User("turn")).Times(1, RuleScope.Turn).Says("rule");
            s.Always().Says("rest");
        }));
        async Task<string> Say(string text, string agent) => await client.TextAsync(Ask.OpenAi(Ask.User(text), agent: agent));
        Assert.Equal(["rule", "rule", "rest"], new[] { await Say("script", "a"), await Say("script", "b"), await Say("script", "c") });
        Assert.Equal(["rule", "rest", "rule"], new[] { await Say("agent", "a"), await Say("agent 2", "a"), await Say("agent", "b") });
        Assert.Equal(["rule", "rest", "rule"], new[] { await Say("turn", "a"), await Say("turn", "a"), await Say("turn 2", "a") });
    }

    [Theory]
    [InlineData("wire: openai", "yes")]
    [InlineData("wire: anthropic", "no")]
    [InlineData("model: 'm*'", "yes")]
    [InlineData("model: other", "no")]
    [InlineData("system: CAREFUL", "yes")]
    [InlineData("system_matches: ^careful", "no")]
    [InlineData("agent: 'ag*'", "yes")]
    [InlineData("agent: bob", "no")]
    [InlineData("stream: false", "yes")]
    [InlineData("turns: 1..", "no")]
    [InlineData("turns: ..3", "yes")]
    [InlineData("offers: search", "yes")]
    [InlineData("offers: rm", "no")]
    [InlineData("headers: { x-skep-agent: 'agent 7' }", "yes")]
    [InlineData("tool_result: x", "no")]
    public async Task A_rule_is_for_the_requests_that_it_names(string when, string expected)
    {
        using var client = Ask.Client(ScriptedModel.Parse($"rules: [{{when: {{{when}}}, answer: yes}}, {{answer: no}}]"));
        var messages = """[{"role":"system","content":"Be careful."},{"role":"user","content":"Hello"}]""";
        Assert.Equal(expected, await client.TextAsync(Ask.OpenAi(messages, $",\"tools\":{Ask.Tools}", "agent 7")));
    }

    [Fact]
    public async Task Values_in_json_are_escaped_and_a_doubled_dollar_is_plain()
    {
        using var client = Ask.Client(ScriptedModel.Parse("""
            rules:
              - when: { user_matches: 'say (.*)' }
                answer: { json: { said: "${1}", plain: "$${1}", "n": 1.5, none: ~ } }
            """));
        Assert.Equal("""{"said":"\"}","plain":"${1}","n":1.5,"none":null}""", await client.TextAsync(Ask.OpenAi(Ask.User("say \"}"))));
    }

    [Fact]
    public async Task Usage_is_computed_by_the_rule_or_given()
    {
        using var client = Ask.Client(ScriptedModel.Parse("rules: [{when: {user: hello}, answer: {text: twelve chars, usage: {input: 7, output: 5, cache_read: 90}}}, {answer: twelve chars}]"));
        async Task<string> Usage(HttpRequestMessage request) => (await client.JsonAsync(request)).Json.GetProperty("usage").GetRawText();
        Assert.Equal("""{"prompt_tokens":97,"completion_tokens":5,"total_tokens":102,"prompt_tokens_details":{"cached_tokens":90},"completion_tokens_details":{"reasoning_tokens":0}}""", await Usage(Ask.OpenAi(Ask.User("hello"))));
        Assert.Equal("""{"input_tokens":7,"cache_creation_input_tokens":0,"cache_read_input_tokens":90,"output_tokens":5}""", await Usage(Ask.Anthropic(Ask.User("hello"))));
        Assert.Equal("""{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":3}""", await Usage(Ask.Anthropic(Ask.User("12345678"))));
    }

    [Fact]
    public async Task An_answer_is_cut_at_the_longest_that_the_request_allows()
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Says("abcdefghijkl").Calls("search")));
        var (_, json) = await client.JsonAsync(Ask.OpenAi(Ask.User("x"), $",\"max_tokens\":2,\"tools\":{Ask.Tools}"));
        var choice = json.GetProperty("choices")[0];
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("abcdefgh", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
        Assert.Equal(2, json.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
    }

    [Fact]
    public async Task A_request_that_no_rule_is_for_says_why_for_each()
    {
        var model = ScriptedModel.Parse("rules: [{name: greet, when: {user: hello}, answer: hi}, {name: once, times: 1, answer: one}]");
        using var client = Ask.Client(model);
        await client.TextAsync(Ask.OpenAi(Ask.User("x")));
        var error = await client.TextAsync(Ask.OpenAi(Ask.User("x")));
        Assert.Contains("greet: the last user text does not contain it; once: used up", error, StringComparison.Ordinal);
        Assert.StartsWith("400", error, StringComparison.Ordinal);
        Assert.Equal(ExchangeOutcome.Unscripted, model.Exchanges.All()[1].Outcome);
    }

    [Fact]
    public async Task A_call_of_a_tool_that_is_not_offered_is_a_mistake_of_the_script_unless_it_is_meant()
    {
        using var client = Ask.Client(ScriptedModel.Build(s =>
        {
            s.When(m => m.User("meant")).Fails(ScriptedFault.UnknownTool);
            s.Always().Calls("rm");
        }));
        Assert.Contains("calls the tool 'rm', which the request does not offer", await client.TextAsync(Ask.OpenAi(Ask.User("x"))), StringComparison.Ordinal);
        var (status, json) = await client.JsonAsync(Ask.OpenAi(Ask.User("meant")));
        Assert.Equal(200, status);
        Assert.Equal(ScriptedFault.MissingTool, json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_answer_can_be_computed()
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Computes(r => ScriptedAnswer.Say($"{r.Turns}:{r.LastUserText}:{r.Temperature}"))));
        Assert.Equal("0:x:0.5", await client.TextAsync(Ask.OpenAi(Ask.User("x"), ",\"temperature\":0.5")));
    }

    [Theory]
    [InlineData("", "1:1: the script is empty")]
    [InlineData("rules: [", "no YAML")]
    [InlineData("rules: []", "1:8: a script needs 'rules:'")]
    [InlineData("rules:\n  - {}", "2:5: a rule needs 'answer', or 'fault'")]
    [InlineData("rules:\n  - answr: x", "2:5: a rule has no key 'answr'; it has name, when, times")]
    [InlineData("rules:\n  - answer: x\n    times: 0", "3:12: 'times' is a whole number from 1")]
    [InlineData("rules:\n  - answer: x\n    per: agent", "3:10: 'per' says what 'times' counts over")]
    [InlineData("rules:\n  - when: { user_matches: '(' }\n    answer: x", "2:27: 'user_matches' is no regular expression")]
    [InlineData("rules:\n  - answer: hello ${city}", "2:13: '${city}' is not known")]
    [InlineData("rules:\n  - answer: { calls: [{ args: {} }] }", "2:23: a call needs 'tool'")]
    [InlineData("rules:\n  - answer: { calls: [{ tool: x, args: 3 }] }", "2:40: 'args' is a mapping, not '3'")]
    [InlineData("rules:\n  - fault: boom", "2:12: there is no fault 'boom'")]
    [InlineData("rules:\n  - fault: { drop: 1, stall: 2 }", "2:12: a fault is exactly one of")]
    [InlineData("rules:\n  - fault: { status: 99 }", "2:22: 'status' is a whole number from 300 to 599")]
    [InlineData("rules:\n  - answer: x\n    pace: { delay: 3 }", "3:20: 'delay' is a time with its unit")]
    [InlineData("rules:\n  - answer: x\n    when: { turns: 3..1 }", "3:20: 'turns' is a number")]
    [InlineData("rules: [{answer: x}, {answer: *a}]", "aliases")]
    [InlineData("rules: [{answer: x, answer: y}]", "1:21: the key 'answer' stands here a second time")]
    public void A_mistake_in_a_script_is_told_with_its_place(string yaml, string expected)
    {
        var error = Assert.Throws<ScriptException>(() => Script.Parse(yaml));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var error = Assert.Throws<ScriptException>(() => Script.Parse("limits: { per: planet }\nrules:\n  - answr: x\n  - answer: y\n    times: no"));
        Assert.Equal(4, error.Mistakes.Count);
    }

    [Fact]
    public void A_script_in_code_that_contradicts_itself_is_refused()
    {
        var error = Assert.Throws<ScriptException>(() => ScriptedModel.Build(s => s.When(m => m.User("x")).Says("${name}").Calls("t", "[]")));
        Assert.Equal(2, error.Mistakes.Count);
    }

    [Fact]
    public async Task Both_lists_of_models_name_those_that_exist_and_others_are_unknown()
    {
        using var client = Ask.Client(ScriptedModel.Parse("models: [a, b]\nrules: [{answer: x}]"));
        var list = JsonDocument.Parse(await client.GetStringAsync("v1/models")).RootElement;
        Assert.Equal(["a", "b"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal("404: The model `m` does not exist or you do not have access to it.", await client.TextAsync(Ask.OpenAi(Ask.User("x"))));
        Assert.Equal("404: model: m", await client.TextAsync(Ask.Anthropic(Ask.User("x"))));
    }

    [Fact]
    public async Task Keys_are_asked_for_where_the_script_has_some()
    {
        using var client = Ask.Client(ScriptedModel.Parse("keys: [good]\nrules: [{answer: x}]"));
        Assert.StartsWith("401: You didn't provide", await client.TextAsync(Ask.OpenAi(Ask.User("x"))), StringComparison.Ordinal);
        Assert.StartsWith("401: Incorrect", await client.TextAsync(Ask.OpenAi(Ask.User("x"), key: "bad")), StringComparison.Ordinal);
        Assert.Equal("x", await client.TextAsync(Ask.OpenAi(Ask.User("x"), key: "good")));
        Assert.Equal("401: x-api-key header is required", await client.TextAsync(Ask.Anthropic(Ask.User("x"))));
        var request = Ask.Anthropic(Ask.User("x"));
        request.Headers.Add("x-api-key", "good");
        Assert.Equal("x", await client.TextAsync(request));
    }
}
