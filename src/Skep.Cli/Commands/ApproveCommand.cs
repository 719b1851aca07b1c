using System.CommandLine;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep approve</c>: a role's vote on an approval gate, or a list of the gates that wait for votes.</summary>
internal sealed class ApproveCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string?> _gate = GateArguments.OptionalGate("The gate. Without it the gates that wait for votes are listed.");
    private readonly Option<string?> _role = new("--role") { Description = "The role that votes.", HelpName = "ROLE" };
    private readonly Option<string?> _by = new("--by") { Description = "Who votes; the user's name unless given.", HelpName = "NAME" };
    private readonly Option<bool> _reject = new("--reject") { Description = "Say no." };
    private readonly Option<string?> _text = new("--text") { Description = "What to say with it.", HelpName = "TEXT" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public ApproveCommand(CliContext cli)
        : base("approve", "Votes for a role on an approval gate. Without a gate it lists what waits for votes.", "skep approve last", "skep approve last release.sign-off --role security", "skep approve last release.sign-off --role architect --by ann --reject --text \"no roll-back yet\"")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_gate);
        foreach (var option in new Option[] { _role, _by, _reject, _text, _dir }) Add(option);
        SetAction((parsed, _) => ApproveAsync(parsed));
    }

    private async Task<int> ApproveAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = runs.Find(parsed.GetValue(_run)!);
        if (parsed.GetValue(_gate) is not { } gate) return List(runs.Load(run));
        if (parsed.GetValue(_role) is not { } role) throw new CliException(ExitCodes.Usage, "give the role that votes: --role ROLE");
        GateArguments.RefuseAgents(_cli, "vote");
        var reject = parsed.GetValue(_reject);
        var request = new ControlRequest
        {
            Op = ControlOps.Approve, Run = run, Task = gate, Role = role, By = parsed.GetValue(_by) ?? _cli.Who, Approved = !reject, Text = parsed.GetValue(_text),
        };
        return await Control.SendAsync(_cli, runs.Folder, request, $"{role} {(reject ? "rejected" : "approved")} {GateArguments.Id(gate)} of {run}");
    }

    private int List(RunState state)
    {
        var waiting = WaitingVotes.Of(state).ToList();
        foreach (var votes in waiting)
        {
            _cli.Out.WriteLine(PlainLine.Clean($"{votes.Node.Gate!.Id}: {votes.Words}"));
            _cli.Out.WriteLine($"  {votes.HowTo(state)}   (or --reject, --text \"…\")");
        }

        if (waiting.Count == 0) _cli.Out.WriteLine($"no gate of {state.Info!.Run} waits for votes");
        return ExitCodes.Ok;
    }
}
