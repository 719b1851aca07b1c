namespace Skep.Testing.Tests;

/// <summary>What docs/testing-agents.md shows, does what it says.</summary>
public sealed class GuideTests
{
    private static string Yaml(string after)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Skep.slnx"))) folder = folder.Parent;
        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "testing-agents.md"));
        var start = text.IndexOf("```yaml\n", text.IndexOf(after, StringComparison.Ordinal), StringComparison.Ordinal) + 8;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    [Fact]
    public async Task The_example_works()
    {
        var model = ScriptedModel.Parse(Yaml("## A complete example"));
        using var client = Ask.Client(model);
        const string Tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}]";
        const string Question = "What is the weather in Oslo?";
        var (_, json) = await client.JsonAsync(Ask.OpenAi(Ask.User(Question), Tools));
        var calls = json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
        var next = $$"""[{"role":"user","content":"{{Question}}"},{"role":"assistant","tool_calls":{{calls.GetRawText()}}},{"role":"tool","tool_call_id":"{{calls[0].GetProperty("id").GetString()}}","content":"-3"}]""";
        Assert.StartsWith("529", await client.TextAsync(Ask.OpenAi(next, Tools)), StringComparison.Ordinal);
        Assert.Equal("It is -3 degrees.", await client.TextAsync(Ask.OpenAi(next, Tools)));
        Trajectory.From(model.Exchanges).CallsExactly("get_weather").CallsWith("get_weather", "city", "Oslo").Answers("degrees").TakesAtMostTurns(2).UsesAtMostTokens(500);
        Assert.Empty(model.Exchanges.BoughtTwice());
    }

    [Fact]
    public void The_head_and_the_answer_of_the_reference_are_read()
    {
        var script = Script.Parse(Yaml("## Scripts").Replace("rules: []", "rules: [{answer: x}]", StringComparison.Ordinal));
        Assert.Equal(new ScriptLimits { Requests = 10, Tokens = 50_000, Per = RateScope.Key, ContextTokens = 8000 }, script.Limits);
        var answer = "  " + Yaml("`answer` is a text, or a mapping").Replace("\n", "\n  ", StringComparison.Ordinal);
        var rule = Script.Parse($"rules:\n- when: {{ user_matches: '(?<city>x)' }}\n{answer}").Rules[0];
        Assert.Equal(new ModelUsage(900, 50, 800, 0, 20), rule.Answer.Usage);
        Assert.Equal("""{"q":"${city}","days":3}""", Assert.Single(rule.Answer.Calls).Arguments);
    }

    [Fact]
    public void Every_key_of_the_reference_table_is_known() =>
        Assert.NotNull(Script.Parse("rules: [{when: {user: a, system: a, user_matches: a, system_matches: a, tool: a, tool_result: a, tool_result_matches: a, turns: 0, model: a, agent: a, headers: {a: b}, wire: openai, stream: true, offers: a}, answer: x}]").Rules[0].Match.ToolResultRegex);
}
