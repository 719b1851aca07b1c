using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory episodes search</c>.</summary>
internal sealed class EpisodesSearchCommand : PatternVerb
{
    private readonly EpisodeFilters _filters = new();
    private readonly Option<bool> _success = new("--success") { Description = "Only those that did what they were to do." };
    private readonly Option<bool> _failure = new("--failure") { Description = "Only those that did not." };
    private readonly Option<double?> _reward = new("--min-reward") { Description = "Only those with at least this reward, 0 to 1.", HelpName = "N" };

    public EpisodesSearchCommand(CliContext cli)
        : base(cli, "search", "Finds episodes by the likeness of their tasks and by how they ended; exits with 1 when there is none.", "skep memory episodes search sum the till export --success", "skep memory episodes search --kind till --failure --json")
    {
        Add(_filters.Task);
        Complete(SearchAsync, [.. _filters.All, _success, _failure, _reward]);
    }

    private async Task<int> SearchAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = _filters.Read(parsed) with { Outcome = parsed.Outcome(_success, _failure), MinReward = parsed.GetValue(_reward) };
        var found = await AskAsync(parsed, PatternOps.Search, args, PatternJson.Default.FoundEpisodes, cancel);
        Show(parsed, found, PatternJson.Default.FoundEpisodes, found.Notes, found.Episodes.Select(PatternText.Line));
        return found.Episodes.Count > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }
}

/// <summary>Which episodes <c>search</c> and <c>advise</c> look at.</summary>
internal sealed class EpisodeFilters
{
    private readonly Option<string?> _kind = PatternOptions.Kind("Only episodes of this kind.");
    private readonly Option<string[]> _tags = PatternOptions.Tags("Only episodes with this tag; may be given several times.");
    private readonly Option<double?> _likeness = PatternOptions.MinLikeness("Only episodes whose task is at least so like TASK, 0 to 1 (0.5 is similar, 0.9 nearly the same).");
    private readonly Option<int?> _limit = PatternOptions.Limit("Most episodes; 10 unless given.");

    public Argument<string[]> Task { get; } = PatternOptions.Words("A task whose like to find.");

    public IReadOnlyList<Option> All => [_kind, _tags, _likeness, _limit];

    public PatternArgs Read(ParseResult parsed) => new()
    {
        Task = parsed.Text(Task), Kind = parsed.GetValue(_kind), Tags = parsed.GetValue(_tags) is { Length: > 0 } tags ? tags : null, MinLikeness = parsed.GetValue(_likeness), Limit = parsed.GetValue(_limit),
    };
}
