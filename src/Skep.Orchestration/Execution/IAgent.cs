using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>An agent written in .NET, for programs that embed Skep. Registered by name; plans use it with <c>executor: dotnet</c>.</summary>
public interface IAgent
{
    /// <summary>
    /// Does one attempt. Throwing makes the attempt fail; <see cref="AgentException"/> says whether another attempt may help.
    /// It is called again after a crash (at-least-once), with the same <see cref="AgentContext.IdempotencyKey"/> only if the attempt was not lost.
    /// </summary>
    Task<AgentResult> RunAsync(AgentContext context, CancellationToken cancel);
}

/// <summary>What an <see cref="IAgent"/> gets.</summary>
/// <param name="Request">The attempt.</param>
/// <param name="Attempt">Heartbeat and progress.</param>
public sealed record AgentContext(AttemptRequest Request, IAttemptContext Attempt)
{
    /// <summary>The prompt, or empty.</summary>
    public string Prompt => Request.Prompt ?? "";

    /// <summary>The arguments.</summary>
    public IReadOnlyDictionary<string, PlanValue> With => Request.With;

    /// <summary>Names this attempt to the outside.</summary>
    public string IdempotencyKey => Request.IdempotencyKey;
}

/// <summary>What an <see cref="IAgent"/> gives back.</summary>
/// <param name="Outputs">Outputs by name.</param>
/// <param name="Log">Text for the log.</param>
public sealed record AgentResult(IReadOnlyDictionary<string, string>? Outputs = null, string? Log = null)
{
    /// <summary>Nothing to say.</summary>
    public static AgentResult Done { get; } = new();
}

/// <summary>An agent says that it failed and whether another attempt may help.</summary>
public sealed class AgentException(string message, bool retryable = true, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether another attempt may help.</summary>
    public bool Retryable { get; } = retryable;
}
