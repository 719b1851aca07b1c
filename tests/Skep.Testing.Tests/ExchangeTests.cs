namespace Skep.Testing.Tests;

public sealed class ExchangeTests
{
    private const string First = """{"role":"user","content":"x"}""";
    private static readonly string Longer = $$"""[{{First}},{"role":"assistant","content":"yes"},{"role":"user","content":"and?"}]""";

    [Fact]
    public async Task A_turn_that_is_asked_again_before_it_was_built_on_is_not_bought_twice()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"));
        using var client = Ask.Client(model);
        foreach (var messages in new[] { $"[{First}]", $"[{First}]", Longer }) await client.TextAsync(Ask.OpenAi(messages, agent: "a"));
        Assert.Empty(model.Exchanges.BoughtTwice());
        var turn = model.Exchanges.TurnsAt(model.Exchanges.All()[0].Request!.Prefix, "a");
        Assert.Equal((2, 2, 0), (turn.Asked, turn.Bought, turn.AskedAfterCompletion));
        Assert.True(turn.IsCompleted);
    }

    [Fact]
    public async Task A_turn_that_is_asked_again_after_it_was_built_on_is_bought_twice_also_over_the_other_wire()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"));
        using var client = Ask.Client(model);
        await client.TextAsync(Ask.OpenAi($"[{First}]"));
        await client.TextAsync(Ask.Anthropic(Longer));
        await client.TextAsync(Ask.Anthropic($"[{First}]"));
        Assert.Equal(1, Assert.Single(model.Exchanges.BoughtTwice()).AskedAfterCompletion);
    }

    [Fact]
    public async Task Agents_with_the_same_words_are_told_apart_by_their_names()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"));
        using var client = Ask.Client(model);
        await client.TextAsync(Ask.OpenAi(Longer, agent: "a"));
        await client.TextAsync(Ask.OpenAi($"[{First}]", agent: "b"));
        await client.TextAsync(Ask.OpenAi($"[{First}]", ",\"user\":\"c\""));
        Assert.Empty(model.Exchanges.BoughtTwice());
        Assert.Equal("c", model.Exchanges.Of("c").Single().Request!.Agent);
    }

    [Fact]
    public async Task Idempotency_keys_are_counted()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"));
        using var client = Ask.Client(model);
        foreach (var key in new[] { "r/t/1/0", "r/t/1/0", "r/t/1/1" })
        {
            var request = Ask.OpenAi($"[{First}]");
            request.Headers.Add("Idempotency-Key", key);
            await client.TextAsync(request);
        }

        Assert.Equal(2, model.Exchanges.ByIdempotencyKey()["r/t/1/0"]);
        Assert.Equal(1, model.Exchanges.ByIdempotencyKey()["r/t/1/1"]);
    }

    [Fact]
    public async Task Who_asks_can_be_found_in_other_headers()
    {
        var options = new ScriptedModelOptions { AgentOf = h => h.GetValueOrDefault("idempotency-key")?.Split('/')[1] };
        var model = ScriptedModel.Build(s => s.Always().Says("${agent}"), options);
        using var client = Ask.Client(model);
        var request = Ask.OpenAi($"[{First}]");
        request.Headers.Add("Idempotency-Key", "run/task7/1/3");
        Assert.Equal("task7", await client.TextAsync(request));
        Assert.Equal("a", await client.TextAsync(Ask.OpenAi($"[{First}]", agent: "a")));
    }

    [Fact]
    public async Task Old_exchanges_are_forgotten_and_counts_are_not()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"), new ScriptedModelOptions { MaxExchanges = 2 });
        using var client = Ask.Client(model);
        for (var i = 0; i < 5; i++) await client.TextAsync(Ask.OpenAi($"[{First}]"));
        Assert.Equal((2, 5L), (model.Exchanges.Count, model.Exchanges.Total));
        Assert.Equal([4L, 5L], model.Exchanges.All().Select(e => e.Number));
        Assert.Equal(5, Assert.Single(model.Exchanges.Turns()).Asked);
    }

    [Fact]
    public async Task Bodies_are_bounded_in_bytes_and_the_newest_stays()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"), new ScriptedModelOptions { MaxExchangeBytes = 1000 });
        using var client = Ask.Client(model);
        foreach (var length in new[] { 300, 300, 2000 }) await client.TextAsync(Ask.OpenAi(Ask.User(new string('a', length))));
        Assert.Equal(3, Assert.Single(model.Exchanges.All()).Number);
    }

    [Fact]
    public async Task An_answer_that_broke_is_not_bought()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes").Fails(ScriptedFault.DropAfter(1)));
        using var client = Ask.Client(model);
        await client.StreamAsync(Ask.OpenAi($"[{First}]", ",\"stream\":true"));
        var exchange = model.Exchanges.All()[0];
        Assert.Equal((ExchangeOutcome.Faulted, ExchangeEnd.Dropped, false), (exchange.Outcome, exchange.End, exchange.IsBought));
        Assert.Equal("yes", exchange.Answer!.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_stops_at_the_end_mark_has_got_it_all_and_one_that_stops_before_has_not(bool toTheMark)
    {
        var model = ScriptedModel.Build(s => s.Always().Says("yes"));
        using var client = Ask.Client(model);
        using (var response = await client.SendAsync(Ask.OpenAi($"[{First}]", ",\"stream\":true"), HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line && (toTheMark ? line != "data: [DONE]" : !line.Contains("\"y\"", StringComparison.Ordinal)))
            {
            }
        }

        Assert.Equal(toTheMark ? ExchangeEnd.Delivered : ExchangeEnd.Abandoned, model.Exchanges.All()[0].End);
    }

    [Fact]
    public async Task What_a_rule_in_code_throws_reaches_the_reader()
    {
        var model = ScriptedModel.Build(s => s.Always().Computes(_ => throw new InvalidOperationException("oops")));
        await using var server = await ScriptedModelServer.StartAsync(model);
        using var client = Ask.Client(server);
        Assert.Contains("a rule threw InvalidOperationException: oops", await client.TextAsync(Ask.OpenAi($"[{First}]")), StringComparison.Ordinal);
        Assert.Equal(ExchangeOutcome.Unscripted, model.Exchanges.All()[0].Outcome);
    }
}
