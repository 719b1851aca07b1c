using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory stats</c>.</summary>
internal sealed class MemoryStatsCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<int> _top = new("--top") { Description = "How many of the largest namespaces to name.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryStatsCommand(CliContext cli) : base("stats", "Tells how full the memory is.", "skep memory stats", "skep memory stats --json")
    {
        _cli = cli;
        foreach (var option in new Option[] { _top, _json, _dir }) Add(option);
        SetAction(TellAsync);
    }

    private async Task<int> TellAsync(ParseResult parsed, CancellationToken cancel)
    {
        var stats = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).ReadAsync(MemoryOps.Stats, new MemoryArgs { Limit = parsed.GetValue(_top) }, MemoryJson.Default.MemoryStatsMessage, cancel);
        if (parsed.GetValue(_json)) _cli.Out.WriteLine(MemoryText.Json(stats, MemoryJson.Default.MemoryStatsMessage));
        else Write(stats);
        return ExitCodes.Ok;
    }

    private void Write(MemoryStatsMessage stats)
    {
        _cli.Out.WriteLine($"entries     {stats.Entries} of at most {stats.MaxEntries}");
        _cli.Out.WriteLine($"bytes       {stats.Bytes} of at most {stats.MaxBytes}");
        _cli.Out.WriteLine($"expiring    {stats.WithTtl}, and {stats.ExpiredUnswept} expired that are still to be removed");
        _cli.Out.WriteLine($"revision    {stats.Revision}; the last {stats.Changes} changes can be watched");
        _cli.Out.WriteLine($"full text   {(stats.FullText == true ? "all entries" : "not complete yet; the next search or 'skep memory reindex' completes it")}");
        if (stats.Models is { } models) _cli.Out.WriteLine($"vectors     {string.Join(", ", models.Select(static m => m.Key.Length == 0 ? m.Value : $"{m.Key}: {m.Value}"))}; {stats.OwnVectors} brought by callers");
        foreach (var (name, settings) in stats.IndexSettings ?? new Dictionary<string, string>()) _cli.Out.WriteLine($"index       {(name.Length == 0 ? "" : $"{name}: ")}{settings}");
        if (stats.Fields is { Count: > 0 } fields) _cli.Out.WriteLine($"fields      {string.Join(", ", fields)}");
        _cli.Out.WriteLine($"namespaces  {stats.Namespaces}");
        foreach (var space in stats.Top) _cli.Out.WriteLine($"  {space.Name}  {space.Entries} entries, {space.Bytes} bytes");
        if (stats.Cache is { } cache) Write(cache);
    }

    /// <summary>Of the process that owns the folder now; where there is none, nothing is cached.</summary>
    private void Write(MemoryCacheMessage cache)
    {
        _cli.Out.WriteLine($"cache       {cache.Entries} entries, {cache.Bytes} of at most {cache.MaxBytes} bytes; {cache.HitRate:P1} of {cache.Hits + cache.NegativeHits + cache.StaleHits + cache.Misses} reads served from it");
        if (cache.SharedState == "off") return;
        _cli.Out.WriteLine($"shared      {cache.SharedAddress} is {cache.SharedState}{(cache.SharedReason is { } reason ? $" ({reason})" : "")}; answered {cache.SharedHits} of {cache.SharedHits + cache.SharedMisses} questions");
    }
}
