using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory episodes advise</c>.</summary>
internal sealed class EpisodesAdviseCommand : PatternVerb
{
    private readonly EpisodeFilters _filters = new();

    public EpisodesAdviseCommand(CliContext cli)
        : base(cli, "advise", "Ranks what was tried at the tasks most like this one; exits with 1 when nothing was.", "skep memory episodes advise sum the till export of May", "skep memory episodes advise sum the till export of May --min-likeness 0.5 | awk -F'\\t' '$1 > 0 { print $3 }'")
    {
        Add(_filters.Task);
        Complete(AdviseAsync, [.. _filters.All]);
    }

    private async Task<int> AdviseAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = _filters.Read(parsed);
        if (args.Task is null) throw new CliException(ExitCodes.Usage, "say what is to be done: skep memory episodes advise TASK");
        var advice = await AskAsync(parsed, PatternOps.Advise, args, PatternJson.Default.Advice, cancel);
        Show(parsed, advice, PatternJson.Default.Advice, advice.Notes, advice.Approaches.Select(PatternText.Line));
        return advice.Approaches.Count > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }
}
