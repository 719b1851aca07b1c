using System.Text.Json;
using Skep.Orchestration;

namespace Skep.Agents;

/// <summary>Something that a model may call. One instance serves all queries; it is thread-safe.</summary>
public interface IAgentTool
{
    /// <summary>Name by which the model calls it: letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
    string Name { get; }

    /// <summary>What it does, for the model.</summary>
    string Description { get; }

    /// <summary>JSON Schema of its arguments, an object.</summary>
    JsonElement Parameters { get; }

    /// <summary>What it touches; permission modes look at this.</summary>
    ToolKind Kind { get; }

    /// <summary>What a call does that is made twice.</summary>
    ToolRepeat Repeat { get; }

    /// <summary>
    /// Carries a call out. What goes wrong is a result that the model reads; only cancellation is thrown. The arguments are a JSON object;
    /// nothing else about them has been checked.
    /// </summary>
    Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken cancel);
}

/// <summary>What a tool touches.</summary>
public enum ToolKind
{
    /// <summary>It only looks.</summary>
    Read,

    /// <summary>It changes files or memory of the swarm, or tells others something.</summary>
    Write,

    /// <summary>It starts programs that the agent's spec names.</summary>
    Execute,

    /// <summary>It acts outside the swarm: tools of others.</summary>
    Outside,
}

/// <summary>What a call does that is made twice, which happens when a process dies before the result is durable.</summary>
public enum ToolRepeat
{
    /// <summary>The same as once.</summary>
    Safe,

    /// <summary>The same as once, because the tool knows the call by its <see cref="ToolCall.Key"/>.</summary>
    Keyed,

    /// <summary>Nobody knows. After a crash a person is asked whether to repeat it.</summary>
    Unsafe,
}

/// <summary>A call of a tool.</summary>
/// <param name="Arguments">A JSON object.</param>
/// <param name="Key">Idempotency key: <c>run/task/attempt/call</c>, the same for every delivery of this call.</param>
/// <param name="Agent">Who calls, and within what.</param>
public sealed record ToolCall(JsonElement Arguments, string Key, ToolAgent Agent);

/// <summary>The agent that a tool works for.</summary>
/// <param name="Attempt">The attempt: run, task, agent spec, folders, names of secrets.</param>
/// <param name="Time">The clock.</param>
public sealed record ToolAgent(AttemptRequest Attempt, TimeProvider Time)
{
    /// <summary>Masks the values of secrets. Results are masked by the caller, too; whoever writes elsewhere (memory, files, messages) uses this.</summary>
    public Func<string, string> Mask { get; init; } = static text => text;

    /// <summary>Tells when the agent is held, for tools that have something going on that must stop meanwhile.</summary>
    public HoldSwitch Hold { get; init; } = new();
}

/// <summary>What a tool answers: data for the model, never instructions to us.</summary>
/// <param name="Text">The text, at most <see cref="MaxText"/> characters; longer is cut by the caller, which says so.</param>
/// <param name="IsError">Whether it could not do what it was asked.</param>
public sealed record ToolResult(string Text, bool IsError = false)
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Makes an error.</summary>
    public static ToolResult Error(string message) => new(message, IsError: true);
}

/// <summary>Where tools come from: the built-in ones, those of the host, those of MCP servers. Asked once at the beginning of a query.</summary>
public interface IToolSource
{
    /// <summary>The tools of an agent, of those that its spec names. A name that this source does not know is left to others.</summary>
    Task<IReadOnlyList<IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel);
}
