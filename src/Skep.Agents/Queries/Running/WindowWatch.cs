namespace Skep.Agents.Queries;

/// <summary>Keeps a conversation within the model's window: first by leaving out results of tools, then by a summary that the model writes.</summary>
internal sealed class WindowWatch(QuerySession session, QueryServices services, CallOptions options, int? window)
{
    /// <summary>Shortens the conversation if it fills the window; true when it did.</summary>
    public async Task<bool> ShortenAsync(ModelCaller caller, CancellationToken cancel)
    {
        var state = session.State;
        if (!IsFull(state) || Compaction.Replaceable(state) is var items && items == 0) return false;
        var first = state.Items[0];
        if (Compaction.Shorten(state) is { } shorter && Fits(state, shorter))
        {
            await session.AppendAsync(shorter);
            return true;
        }

        var summary = await caller.CallAsync(CallPurpose.Summary, Messages.ForSummary(state, items), cancel);
        // Somebody may have asked for the same meanwhile.
        if (ReferenceEquals(session.State.Items[0], first)) await session.AppendAsync(Compaction.Replace(session.State, items, summary.Text));
        return true;
    }

    private bool IsFull(QueryState state) => CallClaim.Estimate(Messages.Of(state), options) > Limit(state);

    private bool Fits(QueryState state, Compacted shorter)
    {
        var kept = Messages.Of(state).Skip(1 + state.Items.Take(shorter.Items).Sum(i => i is TurnItem { Tools.Count: > 0 } ? 2 : 1));
        return CallClaim.Estimate([.. kept], options) + CallClaim.Estimate(shorter.Summary) < Limit(state) * 3 / 4;
    }

    private long Limit(QueryState state)
    {
        var route = services.Models.Resolve(state.Model);
        var whole = Math.Min(window ?? int.MaxValue, route.ContextTokens);
        return (long)(whole * Compaction.FullAt);
    }
}
