using Skep.Orchestration;

namespace Skep.Coding.Agents;

/// <summary>What a line of a coding CLI says.</summary>
internal abstract record StreamEvent;

/// <summary>The session has begun.</summary>
internal sealed record SessionBegan(string Session) : StreamEvent;

/// <summary>The agent says something.</summary>
/// <param name="Text">What.</param>
/// <param name="Message">The model's name for the message; empty when it has none.</param>
internal sealed record AgentSaid(string Text, string Message = "") : StreamEvent;

/// <summary>The agent uses a tool.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Message">The model's name for the message; empty when it has none.</param>
internal sealed record AgentUsedTool(string Tool, string Input, string Message = "") : StreamEvent;

/// <summary>Every tool that the agent has used has answered: the next turn has only just begun.</summary>
internal sealed record TurnSettled : StreamEvent;

/// <summary>A tool has failed or was refused.</summary>
internal sealed record ToolFailed(string Text) : StreamEvent;

/// <summary>The agent has used so much so far, since the program was started.</summary>
internal sealed record UsageSeen(AttemptUsage Usage) : StreamEvent;

/// <summary>The agent is done.</summary>
/// <param name="Answer">Its last words.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed record AgentEnded(string Answer, string? Error) : StreamEvent;

/// <summary>A line that is no event, or one that cannot be read.</summary>
internal sealed record OddLine(string Text) : StreamEvent;

/// <summary>Reads what a coding CLI writes, line by line. Keeps sums, so one instance reads one stream.</summary>
internal interface ICliStream
{
    /// <summary>What a line says: nothing, one or several things.</summary>
    IEnumerable<StreamEvent> Read(string line);

    /// <summary>What is known at the end of the stream, when no event has said so.</summary>
    AgentEnded? AtEnd { get; }
}
