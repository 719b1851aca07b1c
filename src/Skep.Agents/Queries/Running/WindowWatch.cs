namespace Skep.Agents.Queries;

/// <summary>Keeps a conversation within the model's window: first by leaving out results of tools, then by a summary that the model writes.</summary>
internal sealed class WindowWatch(QuerySession session, QueryServices services, Conversation conversation, int? window)
{
    /// <summary>Shortens the conversation if it fills the window; true when it did.</summary>
    public async Task<bool> ShortenAsync(ModelCaller caller, CancellationToken cancel)
    {
        var state = session.State;
        if (await session.LookAsync(conversation.Of) is var now && now.Tokens <= Limit(state) || Compaction.Replaceable(state) is var items && items == 0) return false;
        var first = state.Items[0];
        if (Compaction.Shorten(state) is { } shorter && Fits(state, shorter))
        {
            await session.AppendAsync(shorter);
            return true;
        }

        var above = conversation.Of(Messages.ForSummary(state, items));
        var summary = await caller.CallAsync(CallPurpose.Summary, _ => above, cancel);
        // Somebody may have asked for the same meanwhile.
        if (ReferenceEquals(session.State.Items[0], first)) await session.AppendAsync(Compaction.Replace(session.State, items, summary.Text));
        return true;
    }

    private bool Fits(QueryState state, Compacted shorter) => conversation.TokensFrom(state, shorter.Items) + CallClaim.Estimate(shorter.Summary) < Limit(state) * 3 / 4;

    private long Limit(QueryState state)
    {
        var route = services.Models.Resolve(state.Model);
        var whole = Math.Min(window ?? int.MaxValue, route.ContextTokens);
        return (long)(whole * Compaction.FullAt);
    }
}
