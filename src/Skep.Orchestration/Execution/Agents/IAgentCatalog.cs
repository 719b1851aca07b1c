using System.Diagnostics.CodeAnalysis;

namespace Skep.Orchestration;

/// <summary>The .NET agents of this program, by the name that plans use.</summary>
public interface IAgentCatalog
{
    /// <summary>All names, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Makes an agent for one attempt, or returns false when the name is unknown. The caller disposes what it gets.</summary>
    bool TryCreate(string name, [NotNullWhen(true)] out AgentHandle? agent);
}

/// <summary>An agent and what has to be disposed after its attempt.</summary>
public sealed class AgentHandle(IAgent agent, IAsyncDisposable? scope = null) : IAsyncDisposable
{
    /// <summary>The agent.</summary>
    public IAgent Agent { get; } = agent;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => scope?.DisposeAsync() ?? ValueTask.CompletedTask;
}
