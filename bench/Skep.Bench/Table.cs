using System.Globalization;

namespace Skep.Bench;

/// <summary>Prints the table as Markdown, row by row, so that a long run shows what it has.</summary>
internal sealed class Table
{
    public int Missed { get; private set; }

    public void Header()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, SQLite {Skep.Storage.SqliteStore.EngineVersion}, {DateTime.UtcNow:yyyy-MM-dd}");
        Console.WriteLine();
        Console.WriteLine("| measure | value | baseline (same run) | ratio | goal | met |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- | --- |");
    }

    public void Row(string measure, string value, string baseline, double? ratio, string goal, bool? met)
    {
        if (met == false) Missed++;
        var shown = ratio is { } r ? r.ToString("0.00", CultureInfo.InvariantCulture) : "";
        Console.WriteLine($"| {measure} | {value} | {baseline} | {shown} | {goal} | {(met is null ? "" : met.Value ? "yes" : "**no**")} |");
    }
}
