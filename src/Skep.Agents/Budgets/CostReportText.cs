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
        if (report.Total.Calls > 0) Table(text, report);
        else text.Append(report.Unsure is null ? "\nNo model was called.\n" : "\nNo model has answered.\n");
        if (report.UnknownPrices.Count > 0)
            text.Append("\nUnknown price: ").AppendJoin(", ", report.UnknownPrices).Append(". What they cost is not counted (+); add them to the price table.\n");
        if (report.Unsure is { } unsure) Unsure(text, unsure);
        Budgets(text, report.Budgets);
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

    private static void Unsure(StringBuilder text, UnsureCalls unsure) => text
        .Append($"\nNot in the table: {Number(unsure.Calls, "call")} that broke off or {(unsure.Calls == 1 ? "was" : "were")} lost with its process, ")
        .Append($"of at most {unsure.Tokens} tokens and {Dollars(unsure.CostUsd)}{(unsure.Unpriced > 0 ? "+" : "")}. Budgets count that.\n");

    private static void Budgets(StringBuilder text, IReadOnlyList<BudgetLine> budgets)
    {
        if (budgets.Count == 0) return;
        text.Append("\nBudgets:\n");
        var parts = budgets.SelectMany(BudgetPart.Of).ToList();
        var width = parts.Max(p => p.Scope.ToString().Length);
        foreach (var part in parts) text.Append("  ").Append(part.Scope.ToString().PadRight(width)).Append("  ").Append(Words(part)).Append('\n');
    }

    private static string Words(BudgetPart part)
    {
        var (amount, unit) = part.Resource switch
        {
            BudgetResource.CostUsd => ((Func<decimal, string>)Dollars, ""),
            BudgetResource.Turns => (Whole, " calls"),
            BudgetResource.Wall => (Whole, " s"),
            _ => (Whole, " tokens"),
        };
        var share = part.Limit == 0 ? "" : $" ({Math.Floor(part.Used * 100 / part.Limit)} %)";
        var more = part.PricesMissing && part.Resource == BudgetResource.CostUsd ? "+" : "";
        return $"{amount(part.Used)}{more} of {amount(part.Limit)}{unit}{share}{(part.Reserved > 0 ? $", {amount(part.Reserved)} reserved for calls in flight" : "")}, then {part.ActionName}";
    }

    private static string Whole(decimal amount) => $"{Math.Floor(amount)}";

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static void Forecast(StringBuilder text, CostForecast forecast)
    {
        var (tokens, cost) = (forecast.Tokens, forecast.CostUsd);
        text.Append($"\nForecast, from {Number(forecast.Finished, "finished task")}, with {forecast.Remaining} to come:\n")
            .Append($"  tokens  {tokens.Expected:0} ({tokens.Low:0} to {tokens.High:0})\n")
            .Append($"  cost    {Dollars(cost.Expected)} ({Dollars(cost.Low)} to {Dollars(cost.High)})\n");
    }

    private static string Dollars(decimal amount) => amount < 0 ? $"-${-amount:0.0000}" : $"${amount:0.0000}";
}
