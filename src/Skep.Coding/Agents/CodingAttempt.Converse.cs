using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;

namespace Skep.Coding.Agents;

/// <content>The conversation: the CLI's processes, one after the other.</content>
internal sealed partial class CodingAttempt
{
    /// <summary>Lets the CLI work until it is done. Of the results one is null.</summary>
    private async Task<(CodingSession? Ended, AttemptResult? Failure)> ConverseAsync(CodingSession? session, string folder, string? before, CancellationToken cancel)
    {
        OwnerOnly.CreateFolder(ChildEnvironment.WorkFolder(_request));
        using var outputs = OutputFile.Create(_request);
        var task = CodingPrompt.Of(_request, _adapter, before);
        string? words = null;
        while (true)
        {
            await _query.WaitOpenAsync(cancel);
            var resumes = session is { Begun: true } && _adapter.Resume.Count > 0;
            var talk = new CliConversation(this, resumes ? session! : CodingSession.Next(_request, session));
            var end = await talk.RunAsync(resumes, folder, outputs.Path, words ?? (resumes ? CodingPrompt.GoOn + task : task), cancel);
            session = talk.Session;
            if (end.Kind == ConversationEndKind.Done)
            {
                foreach (var (name, value) in outputs.Read()) _outputs[name] = value;
                return (await talk.EndAsync(), null);
            }

            if (end.Kind == ConversationEndKind.Replaced) words = end.Cut || !session.Begun ? null : CodingPrompt.NextTurn;
            else if (!resumes || talk.HasBegun || cancel.IsCancellationRequested) return (null, end.Failure);
            else
            {
                _log.Note($"the session {session.Session} could not be taken up again ({end.Failure!.Error}); a new one begins");
                (session, words) = (session with { Begun = false }, CodingPrompt.GoOn + task);
            }
        }
    }
}

/// <summary>How a conversation with one process of a coding CLI ended.</summary>
internal enum ConversationEndKind
{
    /// <summary>The agent is done.</summary>
    Done,

    /// <summary>Another process is to go on.</summary>
    Replaced,

    /// <summary>It has failed, or was cancelled.</summary>
    Failed,
}

/// <summary>How it ended.</summary>
/// <param name="Kind">In a word.</param>
/// <param name="Cut">Of one that is replaced: whether a turn was cut in two.</param>
/// <param name="Failure">The result of one that has failed.</param>
internal sealed record ConversationEnd(ConversationEndKind Kind, bool Cut = false, AttemptResult? Failure = null);
