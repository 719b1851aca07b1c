using System.Text.Json.Serialization;

namespace Skep.Mcp.Folder;

/// <summary>Starts a run.</summary>
/// <param name="Run">Its id.</param>
/// <param name="MadeId">Whether the id was made at random for this request.</param>
/// <param name="Plan">The plan's text, with the agent files that it uses.</param>
/// <param name="PlanFile">Where it came from, for people.</param>
/// <param name="PlanDirectory">Folder of the plan.</param>
/// <param name="Workspace">Folder in which tasks work.</param>
/// <param name="Vars">Values of variables.</param>
/// <param name="MaxConcurrency">Most attempts at once.</param>
internal sealed record StartMessage(
    string Run, bool MadeId, string Plan, string? PlanFile, string PlanDirectory, string Workspace, IReadOnlyDictionary<string, string>? Vars, int? MaxConcurrency);

/// <summary>Takes a run up where its log ends.</summary>
/// <param name="Run">Its id.</param>
internal sealed record ResumeMessage(string Run);

/// <summary>Generated JSON code for requests to owners.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StartMessage))]
[JsonSerializable(typeof(ResumeMessage))]
internal sealed partial class OwnerJson : JsonSerializerContext;
