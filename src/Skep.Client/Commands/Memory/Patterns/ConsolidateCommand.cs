using System.CommandLine;
using Skep.Client.Terminal;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Consolidating;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory consolidate</c>.</summary>
internal sealed class ConsolidateCommand : PatternVerb
{
    /// <summary>Merges, and drops, that text names; JSON has all.</summary>
    private const int Named = 20;

    private readonly Option<string?> _halfLife = new("--half-life") { Description = "After which time an episode's value is halved, such as 30d, which it is unless given.", HelpName = "TIME" };
    private readonly Option<double?> _value = new("--min-value") { Description = "Below which value an episode is dropped; 0.1 unless given, 0 for none.", HelpName = "N" };
    private readonly Option<int?> _keep = new("--keep") { Description = "Most episodes that are kept, those of most value; 10000 unless given.", HelpName = "N" };
    private readonly Option<double?> _likeness = PatternOptions.MinLikeness("From which likeness of tasks on episodes that are otherwise the same are merged; 0.9 unless given.");
    private readonly Option<bool> _dryRun = PatternOptions.DryRun("Only tell what would be merged and dropped.");

    public ConsolidateCommand(CliContext cli)
        : base(cli, "consolidate", "Merges episodes that say the same and drops those of little value; their counts, and what skills rest on, stay.", "skep memory consolidate --dry-run", "skep memory consolidate --half-life 14d --keep 2000") =>
        Complete(ConsolidateAsync, _halfLife, _value, _keep, _likeness, _dryRun);

    private async Task<int> ConsolidateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new PatternArgs
        {
            HalfLifeMs = parsed.GetValue(_halfLife) is { } half ? TtlText.Parse(half) : null,
            MinValue = parsed.GetValue(_value), Keep = parsed.GetValue(_keep), MinLikeness = parsed.GetValue(_likeness), DryRun = parsed.GetValue(_dryRun),
        };
        var plan = await AskAsync(parsed, PatternOps.Consolidate, args, PatternJson.Default.ConsolidationPlan, cancel);
        Show(parsed, plan, PatternJson.Default.ConsolidationPlan, plan.Notes, Lines(plan, args.DryRun));
        return ExitCodes.Ok;
    }

    private static IEnumerable<string> Lines(ConsolidationPlan plan, bool isDryRun)
    {
        foreach (var merge in plan.Merges.Take(Named)) yield return $"merged\t{merge.Into}\t{merge.Count} tries, from {PlainLine.Clean(string.Join(", ", merge.Ids.Take(3)))}{(merge.Ids.Count > 3 ? $" and {merge.Ids.Count - 3} more" : "")}";
        if (plan.Merges.Count > Named) yield return $"merged\t{plan.Merges.Count - Named} more groups";
        foreach (var drop in plan.Drops.Take(Named)) yield return $"dropped\t{drop.Id}\tvalue {drop.Value:0.###}: {PlainLine.Clean(drop.Reason)}";
        if (plan.Drops.Count > Named) yield return $"dropped\t{plan.Drops.Count - Named} more";
        yield return $"{(isDryRun ? "would leave" : "left")} {plan.After} of {plan.Before} episodes: {plan.Merged} merged into others, {plan.Dropped} dropped with their counts kept; {plan.Evidence} are evidence of skills";
    }
}
