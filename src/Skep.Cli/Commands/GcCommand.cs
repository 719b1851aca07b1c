using System.CommandLine;
using Skep.Cli.Collecting;
using Skep.Cli.Terminal;

namespace Skep.Cli.Commands;

/// <summary><c>skep gc</c>: removes old runs and what nothing refers to.</summary>
internal sealed class GcCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<int?> _keep = new("--keep") { Description = "Keep the newest N ended runs, remove the others.", HelpName = "N" };
    private readonly Option<string?> _olderThan = new("--older-than") { Description = "Remove only runs that ended longer ago, such as 30d, 12h.", HelpName = "TIME" };
    private readonly Option<bool> _unfinished = new("--include-unfinished") { Description = "Remove runs that have not ended, too; they cannot be resumed then." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only tell what would be removed." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public GcCommand(CliContext cli)
        : base("gc", "Removes old runs and files that nothing refers to. A run goes as a whole: log, folder, artifacts. Without --keep and --older-than only the latter.", "skep gc --keep 20 --dry-run", "skep gc --older-than 30d --yes")
    {
        _cli = cli;
        _keep.Validators.Add(r => { if (r.GetValueOrDefault<int?>() is < 0) r.AddError("--keep must be 0 or more"); });
        foreach (var option in new Option[] { _keep, _olderThan, _unfinished, _dryRun, _yes, _dir }) Add(option);
        SetAction((parsed, cancel) => CollectAsync(parsed, cancel));
    }

    private async Task<int> CollectAsync(ParseResult parsed, CancellationToken cancel)
    {
        var rule = new KeepRule(parsed.GetValue(_keep), Age(parsed.GetValue(_olderThan)), parsed.GetValue(_unfinished));
        var folder = Folders.Find(_cli, parsed.GetValue(_dir));
        await Control.OwnerThatStaysAsync(_cli, folder);
        // As the owner nobody else starts, resumes or writes while we choose and delete.
        await using var store = SqliteStore.OpenOwner(folder, new StoreOptions { Time = _cli.Time });
        var collector = new RunCollector(folder, store, new BlobStore(folder.BlobsPath, _cli.Time));
        var doomed = rule.Choose(store.List(), _cli.Time.GetUtcNow());
        var dry = parsed.GetValue(_dryRun);
        if (dry || !parsed.GetValue(_yes))
            foreach (var run in doomed) await _cli.Out.WriteLineAsync($"would remove {run}");
        if (dry)
        {
            await _cli.Out.WriteLineAsync($"{Runs(doomed.Count)} would be removed, and then what nothing refers to");
            return ExitCodes.Ok;
        }

        if (doomed.Count > 0 && !parsed.GetValue(_yes)) Confirm(doomed.Count);
        var (runs, garbage, folders) = await collector.CollectAsync(doomed, cancel);
        await _cli.Out.WriteLineAsync($"removed {Runs(runs)}, {folders} run folders, {garbage.Blobs} files that nothing refers to ({garbage.Bytes} bytes)");
        return ExitCodes.Ok;
    }

    private void Confirm(int count)
    {
        if (!_cli.Terminal.InIsTerminal) throw new CliException(ExitCodes.Usage, "nothing was removed: give --yes to remove runs without being asked, or --dry-run to see which");
        if (!Question.Confirm(_cli, $"Remove {Runs(count)}?")) throw new CliException(ExitCodes.Usage, "nothing was removed");
    }

    private static string Runs(int n) => n == 1 ? "1 run" : $"{n} runs";

    private static TimeSpan? Age(string? text)
    {
        if (text is null) return null;
        return AgeText.TryParse(text, out var age) ? age : throw new CliException(ExitCodes.Usage, $"'--older-than {text}' must be a number with s, m, h, d or w, such as 30d");
    }
}
