using System.CommandLine;
using Skep.Cli.Commands.Queries;

namespace Skep.Cli.Commands.Merging;

/// <summary><c>skep merge withdraw</c>: takes a submission back before it lands.</summary>
internal sealed class MergeWithdrawCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _submission = new("SUBMISSION") { Description = "RUN/TASK, or RUN/TASK/ATTEMPT; 'last' stands for the newest run." };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly Option<bool> _json = CommonOptions.Json();

    public MergeWithdrawCommand(CliContext cli)
        : base("withdraw", "Takes a submission back before it lands. Its branch and its worktree stay; its task fails.", "skep merge withdraw last/parser", "skep merge withdraw last/parser/2")
    {
        _cli = cli;
        Add(_submission);
        Add(_dir);
        Add(_json);
        SetAction(WithdrawAsync);
    }

    private async Task<int> WithdrawAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var key = QueryLookup.Find(runs, parsed.GetValue(_submission)!);
        var answer = await FamilyCalls.AskAsync(_cli, runs.Folder, "merge.withdraw", FamilyCalls.Args(json => json.WriteString("key", key)), cancel: cancel);
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? FamilyCalls.Text(answer) : $"{key}: {answer.GetProperty("outcome").GetString()}\n");
        return ExitCodes.Ok;
    }
}
