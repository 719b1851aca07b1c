using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>What an event costs, if it settles a try of a call.</summary>
internal sealed record CallCost(long Seq, int Call, string Model, TokenCount Tokens, long Unsure, decimal? Usd, decimal? Saved, long? Ms)
{
    public static CallCost? Of(QueryEvent recorded, long seq) => recorded switch
    {
        CallAnswered e => new CallCost(seq, e.Call, e.Model, e.Tokens, 0, e.Usd, e.SavedUsd, e.Ms),
        CallFailed { Tokens: > 0 } e => new CallCost(seq, e.Call, e.Model, default, e.Tokens, e.Usd, null, null),
        CallLost e => new CallCost(seq, e.Call, e.Model, default, e.Tokens, e.Usd, null, null),
        _ => null,
    };
}
