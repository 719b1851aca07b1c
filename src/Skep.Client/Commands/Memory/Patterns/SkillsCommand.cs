using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory skills</c>: what has worked again and again.</summary>
internal sealed class SkillsCommand : Verb
{
    public SkillsCommand(CliContext cli) : base("skills", "Finds what has worked again and again, with the evidence.", "skep memory skills distill", "skep memory skills list --kind till")
    {
        Add(new SkillsDistillCommand(cli));
        Add(new SkillsListCommand(cli));
    }
}

/// <summary><c>skep memory skills distill</c>.</summary>
internal sealed class SkillsDistillCommand : PatternVerb
{
    private readonly Option<int?> _successes = new("--min-successes") { Description = "Fewest successes of a skill; 3 unless given.", HelpName = "N" };
    private readonly Option<double?> _low = new("--min-low") { Description = "Least lower end (Wilson, 95 %) of its share of successes; 0.4 unless given.", HelpName = "N" };
    private readonly Option<double?> _likeness = PatternOptions.MinLikeness("From which likeness on tasks without a kind are similar; 0.5 unless given.");
    private readonly Option<bool> _dryRun = PatternOptions.DryRun("Only tell what would be found and retired.");

    public SkillsDistillCommand(CliContext cli)
        : base(cli, "distill", "Distils skills from the episodes, and retires those that they no longer support.", "skep memory skills distill", "skep memory skills distill --min-successes 5 --dry-run") =>
        Complete(DistillAsync, _successes, _low, _likeness, _dryRun);

    private async Task<int> DistillAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new PatternArgs { MinSuccesses = parsed.GetValue(_successes), MinLow = parsed.GetValue(_low), MinLikeness = parsed.GetValue(_likeness), DryRun = parsed.GetValue(_dryRun) };
        var done = await AskAsync(parsed, PatternOps.Distill, args, PatternJson.Default.Distillation, cancel);
        Show(parsed, done, PatternJson.Default.Distillation, done.Notes,
        [
            .. done.Skills.Concat(done.Retired).Select(PatternText.Line),
            $"{(args.DryRun ? "would have " : "")}{done.Skills.Count} skills of {done.Episodes} tries: {done.New} new, {done.Retired.Count} retired, {done.Written} entries written",
        ]);
        return ExitCodes.Ok;
    }
}

/// <summary><c>skep memory skills list</c>.</summary>
internal sealed class SkillsListCommand : PatternVerb
{
    private readonly Argument<string[]> _task = PatternOptions.Words("A task to find skills for, the most similar first; all skills, best supported first, unless given.");
    private readonly Option<string?> _kind = PatternOptions.Kind("Only skills of this kind.");
    private readonly Option<bool> _retired = new("--retired") { Description = "Also those that the episodes no longer support." };
    private readonly Option<int?> _limit = PatternOptions.Limit("Most skills; 100 unless given, 10 with TASK.");

    public SkillsListCommand(CliContext cli)
        : base(cli, "list", "Lists skills: the lower end of the share of successes, successes of tries, kind, actions, a task.", "skep memory skills list", "skep memory skills list sum the till export of May", "skep memory skills list --kind till --retired --json")
    {
        Add(_task);
        Complete(ListAsync, _kind, _retired, _limit);
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new PatternArgs { Task = parsed.Text(_task), Kind = parsed.GetValue(_kind), Retired = parsed.GetValue(_retired), Limit = parsed.GetValue(_limit) };
        if (args is { Task: not null, Retired: true }) throw new CliException(ExitCodes.Usage, "skills for a task are living ones: leave out TASK, or --retired");
        var page = await AskAsync(parsed, PatternOps.Skills, args, PatternJson.Default.SkillPage, cancel);
        Show(parsed, page, PatternJson.Default.SkillPage, page.Notes, page.Skills.Select(PatternText.Line));
        return ExitCodes.Ok;
    }
}
