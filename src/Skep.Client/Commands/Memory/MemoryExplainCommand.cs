using System.CommandLine;
using System.Globalization;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory explain</c>: how a search is answered.</summary>
internal sealed class MemoryExplainCommand : Verb
{
    /// <summary>Candidates of each list that are written.</summary>
    private const int Shown = 20;

    private readonly CliContext _cli;
    private readonly FindOptions _find;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryExplainCommand(CliContext cli)
        : base("explain", "Tells how a search is answered: the lists of candidates with their ranks and distances, and what a filter removed.", "skep memory explain failed upload --filter 'size < 1000'")
    {
        (_cli, _find) = (cli, new FindOptions(cli));
        _find.AddTo(this);
        foreach (var option in new Option[] { _json, _dir }) Add(option);
        SetAction(ExplainAsync);
    }

    private async Task<int> ExplainAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = _find.Read(parsed);
        if (args is { Text: null, Vector: null, Filter: null }) throw new CliException(ExitCodes.Usage, "say what to find: a text, --filter CONDITION or --vector NUMBERS");
        var how = await MemorySearchCommand.FoundAsync(_cli, MemoryOps.Explain, args, MemoryJson.Default.MemoryExplainMessage, parsed.GetValue(_dir), cancel);
        if (parsed.GetValue(_json)) _cli.Out.WriteLine(MemoryText.Json(how, MemoryJson.Default.MemoryExplainMessage));
        else Write(how);
        return ExitCodes.Ok;
    }

    private void Write(MemoryExplainMessage how)
    {
        _cli.Out.WriteLine($"mode      {how.Found.Mode}, at revision {how.Found.Revision}");
        if (how.Filter is { } filter) _cli.Out.WriteLine($"filter    {filter}");
        foreach (var list in how.Lists) Write(list);
        foreach (var step in how.Steps) _cli.Out.WriteLine($"then      {step}");
        foreach (var note in how.Found.Notes ?? []) _cli.Out.WriteLine($"note      {note}");
        _cli.Out.WriteLine($"found     {how.Found.Entries.Count}");
        foreach (var entry in how.Found.Entries) _cli.Out.WriteLine($"  {Number(entry.Score ?? 0)}  {entry.Path}  words {Rank(entry.TextRank)}, vectors {Rank(entry.VectorRank)}{(entry.Distance is { } far ? $", distance {Number(far)}" : "")}");
    }

    private void Write(MemoryListMessage list)
    {
        _cli.Out.WriteLine($"list      {list.Name}, weight {Number(list.Weight)}: {list.Plan}");
        foreach (var (candidate, rank) in list.Candidates.Take(Shown).Select(static (c, i) => (c, i + 1))) _cli.Out.WriteLine($"  {rank,3}  {Number(candidate.Value)}  {candidate.Path}");
        if (list.Count > Shown) _cli.Out.WriteLine($"       and {list.Count - Shown} more");
        if (list.Removed.Count > 0) _cli.Out.WriteLine($"  the filter removed {list.Removed.Count} better ones: {string.Join(", ", list.Removed.Take(Shown))}");
    }

    private static string Rank(int? rank) => rank is { } place ? $"#{place}" : "-";

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
