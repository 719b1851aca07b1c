using System.Text.Json;

namespace Skep.Testing.Tests;

public sealed class TrajectoryTests
{
    private static readonly Trajectory Way = new(
        [
            TrajectoryStep.Asked("Find bees."),
            TrajectoryStep.Called("search", """{"q":"bees","filter":{"lang":"en"}}""", 1),
            TrajectoryStep.Called("search", """{"q":"hives"}""", 1),
            TrajectoryStep.Returned("search", "3 hits", 1),
            TrajectoryStep.Called("read", """{"file":"a.md"}""", 2),
            TrajectoryStep.Returned("read", "buzz", 2),
            TrajectoryStep.Said("There are 3 bees.", 3),
        ],
        120,
        "researcher");

    [Fact]
    public void A_good_way_passes_all_assertions() => Assert.Same(Way, Way
        .CallsInOrder("search", "read")
        .CallsExactly("search", "search", "read")
        .CallsAll("read", "search", "search")
        .NeverCalls("rm")
        .CallsAtMost("search", 2)
        .CallsWith("search", "filter.lang", "en")
        .EveryCall("search", a => a.TryGetProperty("q", out _), "has q")
        .NeverRepeatsItself()
        .Answers("3 bees")
        .AnswersMatching(@"\d bees")
        .TakesAtMostTurns(3)
        .UsesAtMostTokens(120));

    public static TheoryData<string, Action<Trajectory>> Failures => new()
    {
        { "calls in the order 'read', 'search', but 'search' (number 2)", t => t.CallsInOrder("read", "search") },
        { "exactly the calls 'search', 'read'", t => t.CallsExactly("search", "read") },
        { "of 'read' there are too few", t => t.CallsAll("read", "read", "search") },
        { "no call of 'rm', 'read'", t => t.NeverCalls("rm", "read") },
        { "at most 1 calls of 'search', but there are 2", t => t.CallsAtMost("search", 1) },
        { "whose 'filter.lang' contains 'de'", t => t.CallsWith("search", "filter.lang", "de") },
        { "every call of 'search' to fulfil: has filter", t => t.EveryCall("search", a => a.TryGetProperty("filter", out _), "has filter") },
        { "a final answer that contains '4 bees'", t => t.Answers("4 bees") },
        { "a final answer that matches /^no/", t => t.AnswersMatching("^no") },
        { "at most 2 turns, but there are 3", t => t.TakesAtMostTurns(2) },
        { "at most 119 tokens, but 120 were used", t => t.UsesAtMostTokens(119) },
    };

    [Theory, MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_failure_says_what_was_expected_and_shows_the_way(string expected, Action<Trajectory> assert)
    {
        var error = Assert.Throws<TrajectoryException>(() => assert(Way));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("researcher: 3 turns, 3 calls, 120 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("  2 call  : read {\"file\":\"a.md\"}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_follows_an_identical_one_is_a_loop_however_it_is_spelt()
    {
        var loop = new Trajectory([TrajectoryStep.Called("a", """{"x":1,"y":2}""", 1), TrajectoryStep.Called("a", """{ "y": 2.0, "x": 1 }""", 2)]);
        Assert.Throws<TrajectoryException>(() => loop.NeverRepeatsItself());
        Assert.Null(loop.FinalAnswer);
    }

    [Fact]
    public async Task A_way_is_read_from_exchanges_and_a_turn_asked_again_counts_once()
    {
        var model = ScriptedModel.Build(s =>
        {
            s.When(m => m.Turns(0)).Calls("search", """{"q":"bees"}""");
            s.When(m => m.Turns(1)).Times(1).Says("never seen").Fails(ScriptedFault.DropAfter(0));
            s.When(m => m.Turns(1)).Says("Found: ${tool}");
        });
        using var client = Ask.Client(model);
        var tools = $",\"tools\":{Ask.Tools}";
        JsonElement first = default;
        for (var i = 0; i < 2; i++) (_, first) = await client.JsonAsync(Ask.OpenAi(Ask.User("Find bees"), tools, "a"));
        var call = first.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
        var next = $$"""[{"role":"user","content":"Find bees"},{"role":"assistant","tool_calls":{{call.GetRawText()}}},{"role":"tool","tool_call_id":"{{call[0].GetProperty("id").GetString()}}","content":"3 hits"}]""";
        await client.StreamAsync(Ask.OpenAi(next, tools + ",\"stream\":true", "a"));
        await client.TextAsync(Ask.OpenAi(next, tools, "a"));
        await client.TextAsync(Ask.OpenAi(Ask.User("another conversation"), tools, "b"));
        var way = Trajectory.From(model.Exchanges, "a").CallsExactly("search").Answers("Found: 3 hits").TakesAtMostTurns(2);
        Assert.Equal([TrajectoryStepKind.Asked, TrajectoryStepKind.Called, TrajectoryStepKind.Returned, TrajectoryStepKind.Said], way.Steps.Select(s => s.Kind));
        Assert.Equal(model.Exchanges.Of("a").Where(e => e.IsBought).Sum(e => e.Answer!.Usage.Total), way.Tokens);
    }
}
