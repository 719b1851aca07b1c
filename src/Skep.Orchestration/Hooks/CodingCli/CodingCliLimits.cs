namespace Skep.Orchestration.Hooks;

/// <summary>Bounds on what a coding CLI may send to a hook.</summary>
/// <param name="MaxPayloadBytes">Largest payload, in bytes. What follows an edit carries the file's text up to three times (input, answer, original).</param>
/// <param name="MaxNameChars">Longest name or identifier (event, session, tool, agent, …), in characters.</param>
/// <param name="MaxPathChars">Longest path, in characters.</param>
/// <param name="MaxDepth">Deepest nesting of JSON objects and arrays.</param>
public sealed record CodingCliLimits(
    int MaxPayloadBytes = 8 * 1024 * 1024,
    int MaxNameChars = 512,
    int MaxPathChars = 4096,
    int MaxDepth = 64)
{
    /// <summary>The bounds that hold unless others are named.</summary>
    public static CodingCliLimits Default { get; } = new();
}
