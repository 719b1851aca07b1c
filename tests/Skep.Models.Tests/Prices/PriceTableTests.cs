using System.Text;
using Skep.Models.Endpoints;
using Skep.Models.Prices;

namespace Skep.Models.Tests.Prices;

public class PriceTableTests
{
    [Theory]
    [InlineData("claude-opus-4-5-20251101", 5.0)]
    [InlineData("claude-opus-4-20250514", 15.0)]
    [InlineData("claude-opus-5-5", 4.0)]
    [InlineData("claude-3-5-haiku-latest", 0.8)]
    [InlineData("gpt-4.1-2025-04-14", 2.0)]
    [InlineData("gpt-4o-mini", 0.15)]
    [InlineData("gpt-5-pro", null)]
    [InlineData("gpt-4o-audio-preview", null)]
    [InlineData("claude-haiku-5-5", null)]
    [InlineData("qwen3:8b", null)]
    public void A_price_is_for_the_model_and_its_dated_versions_only(string model, double? input) =>
        Assert.Equal((decimal?)input, PriceTable.Default.Find("any", model).Price?.Input);

    [Fact]
    public void What_is_not_known_is_null_and_not_zero()
    {
        Assert.Equal(new ModelFacts(null, null, null), PriceTable.Default.Find("local", "llama"));
        Assert.Equal(new ModelFacts(null, 1_000_000, 128_000), PriceTable.Default.Find("anthropic", "claude-haiku-5-5"));
    }

    [Fact]
    public void The_table_says_for_which_day_it_was_checked() => Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", PriceTable.AsOf);

    [Fact]
    public void A_users_table_goes_before_and_the_longest_pattern_wins()
    {
        var table = Parse("""
            {"as_of": "2026-01-01", "models": [
              {"match": "local/*", "input": 0, "output": 0}, {"match": "local/big*", "input": 1, "output": 2},
              {"match": "gpt-4o", "context": 64000}, {"match": "claude-sonnet-4-5", "input": 2.5, "output": 12.5}]}
            """);
        Assert.Equal("2026-01-01", table.OwnAsOf);
        Assert.Equal(new ModelPrice(0, 0), table.Find("local", "llama").Price);
        Assert.Equal(new ModelPrice(1, 2), table.Find("local", "big-llama").Price);
        Assert.Null(table.Find("other", "llama").Price);
        Assert.Equal((2.5m, 64_000, 16_384), (table.Find("openai", "gpt-4o").Price!.Input, table.Find("openai", "gpt-4o").ContextTokens!.Value, table.Find("openai", "gpt-4o").MaxOutputTokens!.Value));
        Assert.Equal(new ModelPrice(2.5m, 12.5m), table.Find("anthropic", "claude-sonnet-4-5-20250929").Price);
    }

    [Theory]
    [InlineData("""{"models": [{"match": "m", "input": 3}]}""", "models[0]", "both input and output")]
    [InlineData("""{"models": [{"match": "m", "input": -3, "output": 1}]}""", "models[0].input", "number from 0")]
    [InlineData("""{"models": [{"match": "m", "input": "3", "output": 1}]}""", "models[0].input", "number from 0")]
    [InlineData("""{"models": [{"match": "m", "context": 1.5}]}""", "models[0].context", "whole number")]
    [InlineData("""{"models": [{"input": 3, "output": 1}]}""", "models[0]", "match")]
    [InlineData("""{"models": [{"match": "m", "prize": 1}]}""", "'prize'", "cache_read")]
    [InlineData("""{"models": 7}""", "own.json", "list of models")]
    [InlineData("""{""", "own.json", "not JSON")]
    public void A_table_that_is_wrong_says_where_and_how_to_fix_it(string json, string where, string how)
    {
        var failed = Assert.Throws<ModelConfigurationException>(() => Parse(json));
        Assert.Contains(where, failed.Message);
        Assert.Contains(how, failed.Message);
    }

    [Fact]
    public void A_folder_without_a_table_has_that_of_the_program() => Assert.Same(PriceTable.Default, PriceTable.Load("/nowhere/at/all"));

    private static PriceTable Parse(string json) => PriceTable.Parse(Encoding.UTF8.GetBytes(json), "own.json");
}
