using System.Text;
using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Processes;

namespace Skep.Coding.Agents;

/// <summary>One process of a coding CLI: what it says becomes events of the query, each durable before the next line is read.</summary>
internal sealed class CliConversation(CodingAttempt attempt, CodingSession session)
{
    private readonly TaskCompletionSource<bool> _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AttemptUsage _before = session.Usage;
    private ICliStream _stream = new TextStream();
    private AgentEnded? _end;

    /// <summary>The session.</summary>
    public CodingSession Session { get; private set; } = session;

    /// <summary>Whether the CLI has said that it began.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Runs the process to its end, or until another is to go on.</summary>
    public async Task<ConversationEnd> RunAsync(bool resumes, string folder, string outputFile, string prompt, CancellationToken cancel)
    {
        var (request, adapter, options) = (attempt.Request, attempt.Adapter, attempt.Services.Command);
        var environment = ChildEnvironment.Build(request, attempt.HostVariables, outputFile, options.SkepProgram, options.SkepClient);
        var program = AdapterCatalog.ProgramOf(adapter, attempt.HostVariables, environment);
        await attempt.Services.Sessions.SaveAsync(Session);
        var orders = await attempt.Query.OpenAsync(Session.Session, resumes);
        _before = Larger(_before, orders.Used);
        Session = Session with { Usage = _before };
        if (adapter.Stream == StreamForm.StreamJson) _stream = new ClaudeStream(orders.Messages);
        using var file = PromptFile.Write(request, prompt);
        var argv = AdapterCommand.Build(adapter, program, orders.Of(request.Agent), new AdapterCall(Session.Session, resumes, prompt, file.Path));
        var start = new ProcessStart(argv, environment, folder) { InputFile = adapter.Prompt == PromptForm.Stdin ? file.Path : null, SplitErrors = true };
        return await RunAsync(start, cancel);
    }

    /// <summary>The agent is done: this is durable before anything is made of its work.</summary>
    public async Task<CodingSession> EndAsync()
    {
        var answer = _end!.Answer.Length <= CodingLimits.MaxAnswer ? _end.Answer : _end.Answer[^CodingLimits.MaxAnswer..];
        Session = Session with { Ended = true, Answer = attempt.Masker.MaskText(answer) };
        await attempt.Services.Sessions.SaveAsync(Session);
        return Session;
    }

    private async Task<ConversationEnd> RunAsync(ProcessStart start, CancellationToken cancel)
    {
        var process = new CliProcess(attempt.Request, attempt.Context, attempt.Query.Hold, attempt.Log, attempt.Services.Command, attempt.Services.Sampler);
        using var over = new CancellationTokenSource();
        var watching = WatchAsync(over.Token);
        CliExit exit;
        try
        {
            exit = await process.RunAsync(start, TakeAsync, _replaced.Task, cancel);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }

        attempt.Exit = exit;
        var end = EndOf(exit, cancel);
        await attempt.Query.AppendAsync(new SessionClosed(end.Kind switch
        {
            ConversationEndKind.Done => "the agent is done",
            ConversationEndKind.Replaced => "another goes on with its session",
            _ => attempt.Masker.MaskText(end.Failure!.Error ?? "it has failed"),
        }));
        return end;
    }

    /// <summary>Ends the process when it stands still and another is to go on.</summary>
    private async Task WatchAsync(CancellationToken over)
    {
        try
        {
            await attempt.Query.WaitEndHeldAsync(over);
            _replaced.TrySetResult(true);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The process is over.
        }
    }

    private ConversationEnd EndOf(CliExit exit, CancellationToken cancel)
    {
        _end ??= exit.Exit is null ? null : _stream.AtEnd;
        if (exit.Exceeded is null && !cancel.IsCancellationRequested && _replaced.Task.IsCompletedSuccessfully && _end is not { Error: null })
            return new ConversationEnd(ConversationEndKind.Replaced, Cut: _replaced.Task.Result);
        return Failure(exit, cancel) is { } failure ? new ConversationEnd(ConversationEndKind.Failed, Failure: failure) : new ConversationEnd(ConversationEndKind.Done);
    }

    private AttemptResult? Failure(CliExit exit, CancellationToken cancel)
    {
        if (exit.Exceeded is { } exceeded) return AttemptResult.Failure(exceeded);
        // It had said its result, and was ended because another was to go on: there is nothing left to do for another.
        if (exit.Exit is null && !cancel.IsCancellationRequested && _end is { Error: null }) return null;
        if (exit.Exit is not { } ended) return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled" };
        cancel.ThrowIfCancellationRequested();
        if (ended == ProcessExit.Stolen) return new AttemptResult { Outcome = AttemptOutcome.Lost, Error = ended.ToString() };
        var name = attempt.Adapter.Name;
        if (_end?.Error is { } error) return AttemptResult.Failure($"{name}: {Shown(error)}");
        if (ended.Code != 0) return AttemptResult.Failure($"{name} failed: {ended}{(_end is { Answer.Length: > 0 } ? $" ({Shown(_end.Answer)})" : "")}; see the log");
        return _end is null ? AttemptResult.Failure($"{name} ended without a result: its output is no stream of events that ends with one; see the log") : null;
    }

    private async ValueTask TakeAsync(string line, bool cut)
    {
        if (cut) attempt.Log.Note($"a line of more than {CodingLimits.MaxLine / 1024 / 1024} MiB was cut");
        var happened = _stream.Read(line).ToList();
        // A CLI that writes plain text does not say that it began.
        if (!HasBegun && attempt.Adapter.Stream == StreamForm.Text) await BeginAsync(Session.Session);
        await RecordAsync(happened);
        foreach (var one in happened) await TakeAsync(one);
    }

    private async ValueTask TakeAsync(StreamEvent happened)
    {
        switch (happened)
        {
            case SessionBegan began: await BeginAsync(began.Session); break;
            case AgentSaid said: Write(said.Text); break;
            case AgentUsedTool used: Write($"→ {used.Tool} {Shown(used.Input)}"); break;
            case ToolFailed failed: Write($"← failed: {Shown(failed.Text)}"); break;
            case UsageSeen: attempt.Context.Used(Session.Usage); break;
            case AgentEnded ended: _end = ended; break;
            case TurnSettled when await attempt.Query.NextAsync(settled: true) == SessionStep.Replace: _replaced.TrySetResult(false); break;
            case OddLine odd: Write($"(not an event) {Shown(odd.Text)}"); break;
        }
    }

    private async Task BeginAsync(string id)
    {
        HasBegun = true;
        Session = Session with { Begun = true, Session = id.Length <= CodingLimits.MaxId ? id : Session.Session };
        await attempt.Services.Sessions.SaveAsync(Session);
    }

    /// <summary>What a line says and what it has cost become durable together.</summary>
    private async Task RecordAsync(List<StreamEvent> happened)
    {
        var events = new List<QueryEvent>();
        var text = string.Concat(happened.OfType<AgentSaid>().Select(s => s.Text));
        var tools = happened.OfType<AgentUsedTool>().Select(t => new AgentTool(Masked(t.Tool), Masked(t.Input))).ToList();
        if (attempt.Adapter.Stream == StreamForm.StreamJson && (text.Length > 0 || tools.Count > 0)) events.Add(new AgentActed(MessageOf(happened), Masked(text), tools));
        if (happened.OfType<UsageSeen>().LastOrDefault() is { } seen && Counted(seen.Usage) is { } counted) events.Add(counted);
        if (events.Count > 0) await attempt.Query.AppendAsync(events);
    }

    /// <summary>The new sum of the attempt, or null when it has not grown. The cost is known at the end, and stays as it was until then.</summary>
    private UsageCounted? Counted(AttemptUsage now)
    {
        var sum = Larger(Session.Usage, new AttemptUsage(_before.Tokens + now.Tokens, _before.CostUsd + Math.Max(now.CostUsd, 0), _before.Turns + now.Turns));
        if (sum == Session.Usage) return null;
        Session = Session with { Usage = sum };
        return new UsageCounted(sum.Tokens, (decimal)sum.CostUsd, sum.Turns);
    }

    private static string MessageOf(List<StreamEvent> happened) => happened.OfType<AgentSaid>().FirstOrDefault()?.Message ?? happened.OfType<AgentUsedTool>().First().Message;

    private static AttemptUsage Larger(AttemptUsage a, AttemptUsage b) => new(Math.Max(a.Tokens, b.Tokens), Math.Max(a.CostUsd, b.CostUsd), Math.Max(a.Turns, b.Turns));

    private void Write(string line) => attempt.Log.Write(Encoding.UTF8.GetBytes(line + "\n"));

    private string Masked(string text) => Shown(attempt.Masker.MaskText(text));

    private static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= CodingLimits.MaxShown ? line : line[..CodingLimits.MaxShown] + "…";
    }
}
