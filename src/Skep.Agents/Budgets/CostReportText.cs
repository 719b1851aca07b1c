using System.Text;

namespace Skep.Agents.Budgets;

/// <summary>A <see cref="CostReport"/> for a terminal.</summary>
public static class CostReportText
{
    private static readonly string[] Heads = ["calls", "input", "cached", "output", "cost", "saved"];

    /// <summary>Lines with aligned columns, ended by line feeds. A cost that lacks prices ends with <c>+</c>.</summary>
    public static string Render(CostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append("Cost of run ").Append(report.Run).Append('\n');
        if (report.Total.Calls == 0) return text.Append("\nNo model was called.\n").ToString();
        Table(text, report);
        if (report.UnknownPrices.Count > 0)
            text.Append("\nUnknown price: ").AppendJoin(", ", report.UnknownPrices).Append(". What they cost is not counted (+); add them to the price table.\n");
        if (report.Forecast is { } forecast) Forecast(text, forecast);
        return text.ToString();
    }

    private static void Table(StringBuilder text, CostReport report)
    {
        var rows = new List<string[]?>();
        foreach (var (title, sums) in (ReadOnlySpan<(string, IReadOnlyList<CostSum>)>)[("agent", report.ByAgent), ("model", report.ByModel), ("phase", report.ByPhase)])
        {
            rows.Add(null);
            rows.Add([title, .. Heads]);
            rows.AddRange(sums.Select(s => Row(s)));
        }

        rows.Add(null);
        rows.Add(Row(report.Total));
        var widths = Enumerable.Range(0, Heads.Length + 1).Select(i => rows.Max(r => r?[i].Length ?? 0)).ToList();
        foreach (var row in rows) Line(text, row, widths);
    }

    private static void Line(StringBuilder text, string[]? row, List<int> widths)
    {
        if (row is not null)
        {
            text.Append(row[0].PadRight(widths[0]));
            for (var i = 1; i < row.Length; i++) text.Append("  ").Append(row[i].PadLeft(widths[i]));
        }

        text.Append('\n');
    }

    private static string[] Row(CostSum sum) =>
    [
        sum.Name, $"{sum.Calls}", $"{sum.Tokens.Input + sum.Tokens.CacheWrite}", $"{sum.Tokens.CacheRead}", $"{sum.Tokens.Output}",
        Dollars(sum.CostUsd) + (sum.Unpriced > 0 ? "+" : ""), Dollars(sum.SavedUsd),
    ];

    private static void Forecast(StringBuilder text, CostForecast forecast)
    {
        var (tokens, cost) = (forecast.Tokens, forecast.CostUsd);
        text.Append($"\nForecast, from {forecast.Finished} finished tasks, with {forecast.Remaining} to come:\n")
            .Append($"  tokens  {tokens.Expected:0} ({tokens.Low:0} to {tokens.High:0})\n")
            .Append($"  cost    {Dollars(cost.Expected)} ({Dollars(cost.Low)} to {Dollars(cost.High)})\n");
    }

    private static string Dollars(decimal amount) => amount < 0 ? $"-${-amount:0.0000}" : $"${amount:0.0000}";
}
