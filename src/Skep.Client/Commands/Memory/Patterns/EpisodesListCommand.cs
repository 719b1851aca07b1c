using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory episodes list</c>.</summary>
internal sealed class EpisodesListCommand : PatternVerb
{
    private readonly Option<int?> _limit = PatternOptions.Limit("Most episodes; all unless given.");

    public EpisodesListCommand(CliContext cli) : base(cli, "list", "Lists episodes, sorted by id; with --json one line per page of them.", "skep memory episodes list", "skep memory episodes list --limit 20 --json") => Complete(ListAsync, _limit);

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (most, written, after) = (parsed.GetValue(_limit), 0, (string?)null);
        if (most < 1) throw new CliException(ExitCodes.Usage, "--limit must be at least 1");
        do
        {
            var args = new PatternArgs { After = after, Limit = Math.Min(EpisodeQuery.MaxK, (most ?? int.MaxValue) - written) };
            var page = await AskAsync(parsed, PatternOps.List, args, PatternJson.Default.EpisodePage, cancel);
            Show(parsed, page, PatternJson.Default.EpisodePage, page.Notes, page.Episodes.Select(PatternText.Line));
            (written, after) = (written + page.Episodes.Count, page.Next);
        }
        while (after is not null && written < (most ?? int.MaxValue));
        return ExitCodes.Ok;
    }
}
