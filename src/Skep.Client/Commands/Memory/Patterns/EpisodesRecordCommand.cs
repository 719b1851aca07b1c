using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory episodes record</c>.</summary>
internal sealed class EpisodesRecordCommand : PatternVerb
{
    private readonly Argument<string[]> _task = PatternOptions.Words("What was to be done.");
    private readonly Option<string[]> _actions = new("--action", "-a") { Description = "What was done, in a few words; in order, may be given several times.", HelpName = "TEXT" };
    private readonly Option<bool> _success = new("--success") { Description = "It did what it was to do." };
    private readonly Option<bool> _failure = new("--failure") { Description = "It did not." };
    private readonly Option<double?> _reward = new("--reward") { Description = "How good that was, 0 to 1; 1 for a success and 0 for a failure unless given.", HelpName = "N" };
    private readonly Option<string?> _critique = new("--critique") { Description = "What to do better, or what made it work.", HelpName = "TEXT" };
    private readonly Option<string?> _kind = PatternOptions.Kind("A label of tasks that are done alike, such as parse-invoice.");
    private readonly Option<string[]> _tags = PatternOptions.Tags("A circumstance that was there before, such as lang:cs; may be given several times.");
    private readonly Option<string[]> _effects = new("--effect") { Description = "What else was seen afterwards, such as timed-out; may be given several times.", HelpName = "NAME" };
    private readonly Option<string?> _assigned = new("--assigned") { Description = "random: chance alone chose the actions, before the work. chosen unless given.", HelpName = "HOW" };
    private readonly Option<string?> _id = new("--id") { Description = "A name for it: recording it again under the same name changes nothing.", HelpName = "ID" };

    public EpisodesRecordCommand(CliContext cli)
        : base(cli, "record", "Records one try; it is on disk when the command ends.", "skep memory episodes record 'sum the till export' --action 'split by tab' --success --kind till", "skep memory episodes record 'sum the till export' -a 'split by comma' --failure --critique 'decimal commas'")
    {
        Add(_task);
        Complete(RecordAsync, _actions, _success, _failure, _reward, _critique, _kind, _tags, _effects, _assigned, _id);
    }

    private async Task<int> RecordAsync(ParseResult parsed, CancellationToken cancel)
    {
        var recorded = await AskAsync(parsed, PatternOps.Record, ArgsOf(parsed), PatternJson.Default.RecordedEpisode, cancel);
        Show(parsed, recorded, PatternJson.Default.RecordedEpisode, [], [$"{(recorded.IsNew ? "recorded" : "was recorded already:")} {recorded.Path}"]);
        return ExitCodes.Ok;
    }

    private PatternArgs ArgsOf(ParseResult parsed) => new()
    {
        Task = Masked(parsed.Text(_task) ?? throw new CliException(ExitCodes.Usage, "say what was to be done: skep memory episodes record TASK --action WHAT --success")),
        Outcome = parsed.Outcome(_success, _failure) ?? throw new CliException(ExitCodes.Usage, "say how it ended: --success or --failure"),
        Actions = [.. (parsed.GetValue(_actions) ?? []).Select(Masked)],
        Reward = parsed.GetValue(_reward),
        Critique = parsed.GetValue(_critique) is { } critique ? Masked(critique) : null,
        Kind = parsed.GetValue(_kind),
        Tags = parsed.GetValue(_tags),
        Effects = parsed.GetValue(_effects),
        Assigned = parsed.GetValue(_assigned),
        Id = parsed.GetValue(_id),
        AtUnixMs = Cli.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        Agent = Known("SKEP_AGENT"),
        ByTask = Known("SKEP_TASK_ID"),
        Run = Known("SKEP_RUN_ID"),
    };

    private string? Known(string variable) => Cli.Variable(variable) is { Length: > 0 } value ? value : null;
}
