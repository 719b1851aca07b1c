using System.Text.Json.Serialization;

namespace Skep.Mcp.Tools.Goals;

/// <summary>A plan that a model wrote for a task, shown and not run yet.</summary>
/// <param name="Task">The task.</param>
/// <param name="Strategy">How it was to be divided.</param>
/// <param name="Priority">low, medium, high or critical.</param>
/// <param name="Plan">The plan's text.</param>
/// <param name="SwarmId">The swarm for which it was asked, or null.</param>
/// <param name="At">When it was written.</param>
/// <param name="Run">The run that it became, or null.</param>
internal sealed record GoalDraft(string Task, string Strategy, string Priority, string Plan, string? SwarmId, DateTimeOffset At, string? Run);

/// <summary>Generated JSON code for drafts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GoalDraft))]
internal sealed partial class GoalJson : JsonSerializerContext;
