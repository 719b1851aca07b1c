namespace Skep.Agents.Queries;

/// <summary>What a model said in one turn.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Calls">The tools that it wants called.</param>
/// <param name="Finish">Why it ended: <c>stop</c>, <c>tool_calls</c>, <c>length</c>, <c>content_filter</c>.</param>
public sealed record AssistantTurn(string Text, IReadOnlyList<RequestedCall> Calls, string Finish)
{
    /// <summary>What it thought before, which some providers want back with the next turn.</summary>
    public IReadOnlyList<Thought>? Thoughts { get; init; }
}

/// <summary>A piece of reasoning.</summary>
/// <param name="Text">The text; may be empty where the provider keeps it to itself.</param>
/// <param name="Signature">What the provider wants back with it.</param>
public sealed record Thought(string Text, string? Signature);

/// <summary>A tool call that a model asks for.</summary>
/// <param name="Id">The provider's name for it.</param>
/// <param name="Tool">Name of the tool.</param>
/// <param name="Arguments">The arguments as it wrote them; they may be no valid JSON.</param>
public sealed record RequestedCall(string Id, string Tool, string Arguments);
