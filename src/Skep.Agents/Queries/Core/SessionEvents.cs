namespace Skep.Agents.Queries;

/// <summary>A coding CLI is about to be started for the query. Nothing has left the process yet.</summary>
/// <param name="Number">Number of the process from 1.</param>
/// <param name="Session">Id of the CLI's session.</param>
/// <param name="Model">The model that it is told; <c>default</c> for the CLI's own.</param>
/// <param name="Permission">The permission mode that it is told.</param>
/// <param name="Resumes">Whether an earlier session is taken up again.</param>
public sealed record SessionOpened(int Number, string Session, string Model, string Permission, bool Resumes) : QueryEvent;

/// <summary>The coding CLI's process is gone.</summary>
/// <param name="Why">Why, in words.</param>
public sealed record SessionClosed(string Why) : QueryEvent;

/// <summary>A coding agent says something or uses tools: a message of its model, or a part of one.</summary>
/// <param name="Message">The model's name for the message; several events may be parts of one. Empty when it has none.</param>
/// <param name="Text">What it says; cut when it is long.</param>
/// <param name="Tools">The tools that it uses.</param>
public sealed record AgentActed(string Message, string Text, IReadOnlyList<AgentTool> Tools) : QueryEvent;

/// <summary>A tool that a coding agent uses.</summary>
/// <param name="Tool">Its name, as the CLI calls it.</param>
/// <param name="Input">What it is given; cut when it is long.</param>
public sealed record AgentTool(string Tool, string Input);

/// <summary>What the query has used so far, in all processes of its coding CLI. Only grows.</summary>
/// <param name="Tokens">Tokens of all kinds.</param>
/// <param name="Usd">Dollars, as the CLI says.</param>
/// <param name="Turns">Turns.</param>
public sealed record UsageCounted(long Tokens, decimal Usd, int Turns) : QueryEvent;
