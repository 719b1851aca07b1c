using Microsoft.Extensions.AI;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>
/// The call that sums a conversation up. It goes as text in one message, and without tools: a model that is offered none cannot act on what it reads, and providers
/// refuse tool calls in a conversation that offers no tools.
/// </summary>
internal static class SummaryRequest
{
    /// <summary>Longest summary, in tokens.</summary>
    public const int MaxTokens = 2048;

    /// <summary>Characters below which a record is not cut any further.</summary>
    private const int Smallest = 100;

    /// <summary>From what a good summary needs down to what is just enough.</summary>
    private static readonly TranscriptCuts[] Cuts = [new(16_000, 4000, 1000, 2000), new(8000, 2000, 500, 800), new(4000, 500, 200, 200)];

    /// <summary>The request, as long as the model's window allows.</summary>
    /// <param name="state">The query.</param>
    /// <param name="items">How many items, from the first on, are summed up.</param>
    /// <param name="room">Most tokens of it.</param>
    public static CallInput Of(QueryState state, int items, long room)
    {
        foreach (var cuts in Cuts)
            if (Around(state, Transcript.Of(state, items, cuts)) is var whole && whole.Tokens <= room) return whole;
        var least = Transcript.Of(state, items, Cuts[^1]);
        var most = least.Length;
        CallInput cut;
        do
        {
            most /= 2;
            cut = Around(state, Transcript.Middle(least, most));
        }
        while (cut.Tokens > room && most > Smallest);
        return cut;
    }

    private static CallInput Around(QueryState state, string transcript)
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, Prompts.SummarySystem),
            new(ChatRole.User, $"The agent was asked:\n{state.Start!.Prompt}\n\n{Prompts.SummaryMaterial}\n{Untrusted.Wrap(Prompts.SummarySource, transcript, int.MaxValue)}\n\n{Prompts.SummaryRequest}"),
        ];
        return new CallInput(messages, TokenEstimate.Of(messages), 0);
    }
}
