using System.CommandLine;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep logs</c>: what tasks wrote.</summary>
internal sealed class LogsCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("A task, an item such as 'shard[3]', or 'gate/ID'. Without it the logs of all, each with a heading.");
    private readonly Option<int?> _attempt = new("--attempt") { Description = "Number of the attempt; the latest unless given.", HelpName = "N" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the attempt ends." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public LogsCommand(CliContext cli) : base("logs", "Shows what a task wrote, secrets masked.", "skep logs last build", "skep logs last 'shard[3]' --attempt 1", "skep logs last build --follow")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_task);
        foreach (var option in new Option[] { _attempt, _follow, _dir }) Add(option);
        SetAction((parsed, cancel) => ShowAsync(parsed, cancel));
    }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = runs.Find(parsed.GetValue(_run)!);
        var logs = new AttemptLogs(_cli, runs, run);
        if (parsed.GetValue(_task) is not { } task)
        {
            if (parsed.GetValue(_follow)) throw new CliException(ExitCodes.Usage, "--follow needs a task");
            return await logs.WriteAllAsync(cancel);
        }

        return parsed.GetValue(_follow)
            ? await logs.FollowAsync(task, parsed.GetValue(_attempt), cancel)
            : await logs.WriteAsync(task, parsed.GetValue(_attempt), cancel);
    }
}
