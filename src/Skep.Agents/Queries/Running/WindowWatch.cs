using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>Keeps a conversation within the model's window: first by leaving out results of tools, then by a summary that the model writes.</summary>
internal sealed class WindowWatch(QuerySession session, QueryServices services, Conversation conversation, int? window)
{
    /// <summary>Shortens the conversation if it fills the window; true when it did.</summary>
    public async Task<bool> ShortenAsync(ModelCaller caller, CancellationToken cancel)
    {
        var state = session.State;
        if ((await session.LookAsync(conversation.Of)).Tokens <= Limit(state) || Compaction.Shorten(state) is not { } shorter) return false;
        var first = state.Items[0];
        if (!Fits(state, shorter) && await SummaryAsync(caller, shorter.Items, cancel) is { } summary) shorter = Compaction.Replace(state, shorter.Items, summary);
        // Somebody may have asked for the same meanwhile.
        if (ReferenceEquals(state.Items[0], first)) await session.AppendAsync(shorter);
        return true;
    }

    /// <summary>The model's summary; null when it writes none. Then the conversation is shortened without it: a summary is never what work fails of.</summary>
    private async Task<string?> SummaryAsync(ModelCaller caller, int items, CancellationToken cancel)
    {
        try
        {
            var limit = Limit(session.State);
            var input = SummaryRequest.Of(session.State, items, Math.Max(limit - SummaryRequest.MaxTokens, limit / 2));
            var turn = await caller.CallAsync(CallPurpose.Summary, _ => input, cancel);
            if (string.IsNullOrWhiteSpace(turn.Text) || turn.Finish == "content_filter") return null;
            return turn.Finish == "length" ? $"{turn.Text}… [cut off here]" : turn.Text;
        }
        catch (Exception e) when (e is ModelException or BudgetReachedException)
        {
            return null;
        }
    }

    private bool Fits(QueryState state, Compacted shorter) => conversation.TokensFrom(state, shorter.Items) + CallClaim.Estimate(shorter.Summary) < Limit(state) * 3 / 4;

    private long Limit(QueryState state)
    {
        var route = services.Models.Resolve(state.Model);
        var whole = Math.Min(window ?? int.MaxValue, route.ContextTokens);
        return (long)(whole * Compaction.FullAt);
    }
}
