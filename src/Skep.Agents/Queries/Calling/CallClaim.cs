using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>What a call may take at most, as far as can be told before it.</summary>
/// <param name="Input">Input tokens.</param>
/// <param name="Output">Longest answer in tokens.</param>
/// <param name="Price">Its price, or null when unknown.</param>
internal sealed record CallClaim(long Input, int Output, ModelPrice? Price)
{
    /// <summary>Longest answer that is asked for when neither plan nor model says.</summary>
    public const int DefaultOutput = 4096;

    /// <summary>Tokens that are reserved.</summary>
    public long Tokens => Input + Output;

    /// <summary>Dollars that are reserved; null when the price is unknown.</summary>
    public decimal? Usd => Price?.Of(new TokenCount(Input, Output));

    /// <summary>Longest answer that is asked for.</summary>
    public int OutputTokens => Output;

    /// <summary>The claim of a call.</summary>
    public static CallClaim Of(ModelRoute route, long input, CallOptions options, int? reduced)
    {
        var output = Math.Min(options.OutputTokens ?? DefaultOutput, route.MaxOutputTokens ?? int.MaxValue);
        return new CallClaim(input, Math.Min(output, reduced ?? int.MaxValue), route.Price);
    }

    /// <summary>Tokens of a text.</summary>
    public static long Estimate(string text) => TokenEstimate.Of(text);

    /// <summary>What an answer took when the provider does not say: its tool calls and its reasoning, too.</summary>
    public TokenCount Guess(TurnBuilder builder) => new(Input, Math.Min(Output, builder.Estimate()));
}
