using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;

namespace Skep.Coding.Agents;

/// <content>The conversation: the CLI's process and what it says.</content>
internal sealed partial class CodingAttempt
{
    /// <summary>Lets the CLI work until it is done. Of the results one is null.</summary>
    private async Task<(CodingSession? Ended, AttemptResult? Failure)> ConverseAsync(CodingSession? session, string folder, string? before, CancellationToken cancel)
    {
        OwnerOnly.CreateFolder(ChildEnvironment.WorkFolder(_request));
        using var outputs = OutputFile.Create(_request);
        var resumes = session is { Begun: true } && _adapter.Resume.Count > 0;
        var talk = new Conversation(this, resumes ? session! : CodingSession.Next(_request, session));
        var failure = await talk.RunAsync(resumes, folder, outputs.Path, (resumes ? CodingPrompt.GoOn : "") + CodingPrompt.Of(_request, _adapter, before), cancel);
        if (failure is not null && resumes && !talk.HasBegun && !cancel.IsCancellationRequested)
        {
            _log.Note($"the session {session!.Session} could not be taken up again ({failure.Error}); a new one begins");
            talk = new Conversation(this, CodingSession.Next(_request, session));
            failure = await talk.RunAsync(false, folder, outputs.Path, CodingPrompt.GoOn + CodingPrompt.Of(_request, _adapter, before), cancel);
        }

        if (failure is not null) return (null, failure);
        foreach (var (name, value) in outputs.Read()) _outputs[name] = value;
        return (await talk.EndAsync(), null);
    }

    /// <summary>One process of the CLI.</summary>
    private sealed class Conversation(CodingAttempt attempt, CodingSession session)
    {
        private readonly AttemptUsage _before = session.Usage;
        private CodingSession _session = session;
        private ICliStream _stream = new TextStream();
        private AgentEnded? _end;

        /// <summary>Whether the CLI has said that it began.</summary>
        public bool HasBegun { get; private set; }

        /// <summary>Runs it to its end; null when the agent is done.</summary>
        public async Task<AttemptResult?> RunAsync(bool resumes, string folder, string outputFile, string prompt, CancellationToken cancel)
        {
            var (request, adapter, options) = (attempt._request, attempt._adapter, attempt._services.Command);
            var environment = ChildEnvironment.Build(request, attempt._host, outputFile, options.SkepProgram, options.SkepClient);
            var program = AdapterCatalog.ProgramOf(adapter, attempt._host, environment);
            if (adapter.Stream == StreamForm.StreamJson) _stream = new ClaudeStream();
            await attempt._services.Sessions.SaveAsync(_session);
            using var file = PromptFile.Write(request, prompt);
            var argv = AdapterCommand.Build(adapter, program, request.Agent, new AdapterCall(_session.Session, resumes, prompt, file.Path));
            var start = new ProcessStart(argv, environment, folder) { InputFile = adapter.Prompt == PromptForm.Stdin ? file.Path : null, SplitErrors = true };
            var process = new CliProcess(request, attempt._context, attempt._log, options, attempt._services.Sampler);
            attempt._exit = await process.RunAsync(start, TakeAsync, cancel);
            return Failure(attempt._exit, cancel);
        }

        /// <summary>The agent is done: this is durable before anything is made of its work.</summary>
        public async Task<CodingSession> EndAsync()
        {
            var answer = _end!.Answer.Length <= CodingLimits.MaxAnswer ? _end.Answer : _end.Answer[^CodingLimits.MaxAnswer..];
            _session = _session with { Ended = true, Answer = attempt._masker.MaskText(answer) };
            await attempt._services.Sessions.SaveAsync(_session);
            return _session;
        }

        private AttemptResult? Failure(CliExit exit, CancellationToken cancel)
        {
            _end ??= _stream.AtEnd;
            if (exit.Exceeded is { } exceeded) return AttemptResult.Failure(exceeded);
            if (exit.Exit is not { } ended) return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled" };
            cancel.ThrowIfCancellationRequested();
            if (ended == ProcessExit.Stolen) return new AttemptResult { Outcome = AttemptOutcome.Lost, Error = ended.ToString() };
            var name = attempt._adapter.Name;
            if (_end?.Error is { } error) return AttemptResult.Failure($"{name}: {Shown(error)}");
            if (ended.Code != 0) return AttemptResult.Failure($"{name} failed: {ended}{(_end is { Answer.Length: > 0 } ? $" ({Shown(_end.Answer)})" : "")}; see the log");
            return _end is null ? AttemptResult.Failure($"{name} ended without a result: its output is no stream of events that ends with one; see the log") : null;
        }

        private async ValueTask TakeAsync(string line, bool cut)
        {
            if (cut) attempt._log.Note($"a line of more than {CodingLimits.MaxLine / 1024 / 1024} MiB was cut");
            foreach (var happened in _stream.Read(line)) await TakeAsync(happened);
        }

        private async ValueTask TakeAsync(StreamEvent happened)
        {
            switch (happened)
            {
                case SessionBegan began:
                    HasBegun = true;
                    _session = _session with { Begun = true, Session = began.Session.Length <= MaxSession ? began.Session : _session.Session };
                    await attempt._services.Sessions.SaveAsync(_session);
                    break;
                case AgentSaid said: Write(said.Text); break;
                case AgentUsedTool used: Write($"→ {used.Tool} {Shown(used.Input)}"); break;
                case ToolFailed failed: Write($"← failed: {Shown(failed.Text)}"); break;
                case UsageSeen seen: await CountAsync(seen.Usage); break;
                case AgentEnded ended: _end = ended; break;
                case OddLine odd: Write($"(not an event) {Shown(odd.Text)}"); break;
            }
        }

        private async ValueTask CountAsync(AttemptUsage now)
        {
            var sum = new AttemptUsage(_before.Tokens + now.Tokens, _before.CostUsd + Math.Max(now.CostUsd, 0), _before.Turns + now.Turns);
            // What is told only grows: the cost is known at the end, and stays out until then.
            sum = sum with { Tokens = Math.Max(sum.Tokens, _session.Usage.Tokens), CostUsd = Math.Max(sum.CostUsd, _session.Usage.CostUsd), Turns = Math.Max(sum.Turns, _session.Usage.Turns) };
            if (sum == _session.Usage) return;
            _session = _session with { Usage = sum };
            await attempt._services.Sessions.SaveAsync(_session);
            attempt._context.Used(sum);
        }

        private void Write(string line) => attempt._log.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Longest id of a session.</summary>
    private const int MaxSession = 200;

    private static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= CodingLimits.MaxShown ? line : line[..CodingLimits.MaxShown] + "…";
    }
}
