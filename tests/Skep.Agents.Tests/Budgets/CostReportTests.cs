using System.Text;
using System.Text.Json;
using Skep.Agents.Budgets;
using Skep.Models;

namespace Skep.Agents.Tests.Budgets;

public class CostReportTests
{
    private static readonly ModelPrice Price = new(3, 15, 0.3m, 3.75m);

    private static CallRecord Call(int at, string phase, string agent, string model, TokenCount tokens, bool priced = true, string run = "r1") => new(
        run, phase, $"{phase}-{agent}", agent, "acme", model, tokens, priced ? Price.Of(tokens) : null, priced ? Price.SavedBy(tokens) : null, DateTimeOffset.UnixEpoch.AddSeconds(at));

    private static CostReport Report(bool forecast = true) => CostReport.Of(
        "r1",
        [
            Call(3, "write", "writer", "large", new(1000, 2000, 10_000)),
            Call(1, "research", "scout", "small", new(5000, 100), priced: false),
            Call(2, "research", "reader", "large", new(20_000, 500, 0, 8000)),
            Call(4, "write", "writer", "large", new(500, 1500, 12_000)),
            Call(5, "write", "writer", "large", new(1, 1), run: "another"),
        ],
        forecast ? CostForecast.Of([new("t1", "writer", TaskUseState.Finished, 27_000, 0.1m), new("t2", "writer", TaskUseState.Waiting)]) : null);

    [Fact]
    public void Calls_of_the_run_are_added_up_by_agent_model_and_phase()
    {
        var report = Report();
        Assert.Equal(4, report.Total.Calls);
        Assert.Equal(new TokenCount(26_500, 4100, 22_000, 8000), report.Total.Tokens);
        Assert.Equal(["reader", "writer", "scout"], report.ByAgent.Select(s => s.Name));
        Assert.Equal(["acme/large", "acme/small"], report.ByModel.Select(s => s.Name));
        Assert.Equal(["research", "write"], report.ByPhase.Select(s => s.Name));
        foreach (var group in (IReadOnlyList<CostSum>[])[report.ByAgent, report.ByModel, report.ByPhase])
        {
            Assert.Equal(report.Total.CostUsd, group.Sum(s => s.CostUsd));
            Assert.Equal(report.Total.SavedUsd, group.Sum(s => s.SavedUsd));
            Assert.Equal(report.Total.Tokens, group.Aggregate(default(TokenCount), (sum, s) => sum + s.Tokens));
        }

        Assert.Equal(["acme/small"], report.UnknownPrices);
    }

    [Fact]
    public void The_text_is_as_people_have_come_to_know_it()
    {
        const string expected = """
            Cost of run r1

            agent       calls  input  cached  output      cost     saved
            reader          1  28000       0     500   $0.0975  -$0.0060
            writer          2   1500   22000    3500   $0.0636   $0.0594
            scout           1   5000       0     100  $0.0000+   $0.0000

            model       calls  input  cached  output      cost     saved
            acme/large      3  29500   22000    4000   $0.1611   $0.0534
            acme/small      1   5000       0     100  $0.0000+   $0.0000

            phase       calls  input  cached  output      cost     saved
            research        2  33000       0     600  $0.0975+  -$0.0060
            write           2   1500   22000    3500   $0.0636   $0.0594

            total           4  34500   22000    4100  $0.1611+   $0.0534

            Unknown price: acme/small. What they cost is not counted (+); add them to the price table.

            Forecast, from 1 finished task, with 1 to come:
              tokens  54000 (40500 to 81000)
              cost    $0.2000 ($0.1500 to $0.3000)

            """;
        Assert.Equal(expected, CostReportText.Render(Report()));
    }

    [Fact]
    public void The_json_is_as_programs_have_come_to_read_it()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) CostReportJson.Write(json, Report());
        const string expected =
            """{"run":"r1","total":{"calls":4,"input_tokens":26500,"output_tokens":4100,"cache_read_tokens":22000,"cache_write_tokens":8000,"cost_usd":0.1611,"saved_usd":0.0534,"unpriced_calls":1}""" +
            ""","by_agent":[{"name":"reader","calls":1,"input_tokens":20000,"output_tokens":500,"cache_read_tokens":0,"cache_write_tokens":8000,"cost_usd":0.0975,"saved_usd":-0.006,"unpriced_calls":0},""" +
            """{"name":"writer","calls":2,"input_tokens":1500,"output_tokens":3500,"cache_read_tokens":22000,"cache_write_tokens":0,"cost_usd":0.0636,"saved_usd":0.0594,"unpriced_calls":0},""" +
            """{"name":"scout","calls":1,"input_tokens":5000,"output_tokens":100,"cache_read_tokens":0,"cache_write_tokens":0,"cost_usd":0,"saved_usd":0,"unpriced_calls":1}]""" +
            ""","by_model":[{"name":"acme/large","calls":3,"input_tokens":21500,"output_tokens":4000,"cache_read_tokens":22000,"cache_write_tokens":8000,"cost_usd":0.1611,"saved_usd":0.0534,"unpriced_calls":0},""" +
            """{"name":"acme/small","calls":1,"input_tokens":5000,"output_tokens":100,"cache_read_tokens":0,"cache_write_tokens":0,"cost_usd":0,"saved_usd":0,"unpriced_calls":1}]""" +
            ""","by_phase":[{"name":"research","calls":2,"input_tokens":25000,"output_tokens":600,"cache_read_tokens":0,"cache_write_tokens":8000,"cost_usd":0.0975,"saved_usd":-0.006,"unpriced_calls":1},""" +
            """{"name":"write","calls":2,"input_tokens":1500,"output_tokens":3500,"cache_read_tokens":22000,"cache_write_tokens":0,"cost_usd":0.0636,"saved_usd":0.0594,"unpriced_calls":0}]""" +
            ""","unknown_prices":["acme/small"],"budgets":[],"forecast":{"finished_tasks":1,"remaining_tasks":1,"tokens":{"low":40500,"expected":54000,"high":81000},"cost_usd":{"low":0.15,"expected":0.2,"high":0.3}}}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void A_run_without_calls_says_so() =>
        Assert.Equal("Cost of run r2\n\nNo model was called.\n", CostReportText.Render(CostReport.Of("r2", [])));

    [Fact]
    public void Without_a_forecast_there_is_none_in_the_text() =>
        Assert.DoesNotContain("Forecast", CostReportText.Render(Report(forecast: false)), StringComparison.Ordinal);
}
