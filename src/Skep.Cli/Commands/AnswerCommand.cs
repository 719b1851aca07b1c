using System.CommandLine;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep answer</c>: answers a task that waits for a person, or lists those that wait.</summary>
internal sealed class AnswerCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Argument<string?> _task = RunArguments.OptionalTask("The task. Without it the waiting questions are listed.");
    private readonly Option<bool> _approve = new("--approve") { Description = "Say yes." };
    private readonly Option<bool> _reject = new("--reject") { Description = "Say no." };
    private readonly Option<string?> _text = new("--text") { Description = "What to say; later tasks see it as the output 'answer'. Alone it means yes.", HelpName = "TEXT" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public AnswerCommand(CliContext cli)
        : base("answer", "Answers a task that waits for a person. Without a task it lists what waits.", "skep answer last", "skep answer last release --approve", "skep answer last release --reject --text \"not on a Friday\"")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_task);
        foreach (var option in new Option[] { _approve, _reject, _text, _dir }) Add(option);
        SetAction((parsed, _) => AnswerAsync(parsed));
    }

    private async Task<int> AnswerAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var run = runs.Find(parsed.GetValue(_run)!);
        if (parsed.GetValue(_task) is not { } task) return List(runs.Load(run));
        var (approve, reject, text) = (parsed.GetValue(_approve), parsed.GetValue(_reject), parsed.GetValue(_text));
        if (approve && reject) throw new CliException(ExitCodes.Usage, "give --approve or --reject, not both");
        if (!approve && !reject && text is null) throw new CliException(ExitCodes.Usage, "give --approve, --reject or --text");
        var request = new ControlRequest { Op = ControlOps.Answer, Run = run, Task = task, Approved = !reject, Text = text };
        return await Control.SendAsync(_cli, runs.Folder, request, $"{(reject ? "rejected" : "approved")} {task} of {run}");
    }

    private int List(RunState state)
    {
        var waiting = WaitingQuestions.Of(state).ToList();
        foreach (var (node, question) in waiting)
        {
            _cli.Out.WriteLine($"{node.Key}: {PlainLine.Clean(question)}");
            _cli.Out.WriteLine($"  skep answer {state.Info!.Run} {node.Key} --approve   (or --reject, --text \"…\")");
        }

        var votes = WaitingVotes.Of(state).ToList();
        foreach (var gate in votes)
        {
            _cli.Out.WriteLine(PlainLine.Clean($"gate {gate.Node.Gate!.Id}: {gate.Words}"));
            _cli.Out.WriteLine($"  {gate.HowTo(state)}   (or --reject, --text \"…\")");
        }

        if (waiting.Count + votes.Count == 0) _cli.Out.WriteLine($"nothing in {state.Info!.Run} waits for a person");
        return ExitCodes.Ok;
    }
}
