using System.Text.Json;

namespace Skep.Agents.Budgets;

/// <summary>A <see cref="CostReport"/> for programs. Names are in snake case; money is in US dollars.</summary>
public static class CostReportJson
{
    /// <summary>Writes the report as one JSON object.</summary>
    public static void Write(Utf8JsonWriter json, CostReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
        json.WriteStartObject();
        json.WriteString("run", report.Run);
        json.WritePropertyName("total");
        Sum(json, report.Total, name: false);
        Sums(json, "by_agent", report.ByAgent);
        Sums(json, "by_model", report.ByModel);
        Sums(json, "by_phase", report.ByPhase);
        json.WriteStartArray("unknown_prices");
        foreach (var model in report.UnknownPrices) json.WriteStringValue(model);
        json.WriteEndArray();
        if (report.Unsure is { } unsure) Unsure(json, unsure);
        Budgets(json, report.Budgets);
        if (report.Forecast is { } forecast) Forecast(json, forecast);
        json.WriteEndObject();
    }

    private static void Sums(Utf8JsonWriter json, string property, IReadOnlyList<CostSum> sums)
    {
        json.WriteStartArray(property);
        foreach (var sum in sums) Sum(json, sum, name: true);
        json.WriteEndArray();
    }

    private static void Sum(Utf8JsonWriter json, CostSum sum, bool name)
    {
        json.WriteStartObject();
        if (name) json.WriteString("name", sum.Name);
        json.WriteNumber("calls", sum.Calls);
        json.WriteNumber("input_tokens", sum.Tokens.Input);
        json.WriteNumber("output_tokens", sum.Tokens.Output);
        json.WriteNumber("cache_read_tokens", sum.Tokens.CacheRead);
        json.WriteNumber("cache_write_tokens", sum.Tokens.CacheWrite);
        json.WriteNumber("cost_usd", Plain(sum.CostUsd));
        json.WriteNumber("saved_usd", Plain(sum.SavedUsd));
        json.WriteNumber("unpriced_calls", sum.Unpriced);
        json.WriteEndObject();
    }

    private static void Unsure(Utf8JsonWriter json, UnsureCalls unsure)
    {
        json.WriteStartObject("unsure");
        json.WriteNumber("calls", unsure.Calls);
        json.WriteNumber("tokens_at_most", unsure.Tokens);
        json.WriteNumber("cost_usd_at_most", Plain(unsure.CostUsd));
        json.WriteNumber("unpriced_calls", unsure.Unpriced);
        json.WriteEndObject();
    }

    private static void Budgets(Utf8JsonWriter json, IReadOnlyList<BudgetLine> budgets)
    {
        json.WriteStartArray("budgets");
        foreach (var part in budgets.SelectMany(BudgetPart.Of))
        {
            json.WriteStartObject();
            json.WriteString("scope", BudgetPart.NameOf(part.Scope.Kind));
            if (part.Scope.Name.Length > 0) json.WriteString("name", part.Scope.Name);
            json.WriteString("resource", part.ResourceName);
            json.WriteNumber("used", Plain(part.Used));
            json.WriteNumber("reserved", Plain(part.Reserved));
            json.WriteNumber("limit", Plain(part.Limit));
            json.WriteString("at_limit", part.ActionName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Forecast(Utf8JsonWriter json, CostForecast forecast)
    {
        json.WriteStartObject("forecast");
        json.WriteNumber("finished_tasks", forecast.Finished);
        json.WriteNumber("remaining_tasks", forecast.Remaining);
        Range(json, "tokens", forecast.Tokens, 0);
        Range(json, "cost_usd", forecast.CostUsd, 6);
        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, string property, ForecastRange range, int decimals)
    {
        json.WriteStartObject(property);
        json.WriteNumber("low", Plain(Math.Round(range.Low, decimals)));
        json.WriteNumber("expected", Plain(Math.Round(range.Expected, decimals)));
        json.WriteNumber("high", Plain(Math.Round(range.High, decimals)));
        json.WriteEndObject();
    }

    /// <summary>Without trailing zeros, which a decimal keeps from how it was computed.</summary>
    private static decimal Plain(decimal amount) => amount / 1.0000000000000000000000000000m;
}
