using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Skep.Orchestration.Agents;

/// <summary>One call of <c>AddSkepAgent</c>.</summary>
internal sealed record AgentRegistration(string Name, Func<IServiceProvider, IAgent> Create);

/// <summary>The agents that were registered with the service collection. Each attempt gets a scope of its own.</summary>
internal sealed class AgentCatalog : IAgentCatalog
{
    private readonly Dictionary<string, AgentRegistration> _agents = new(StringComparer.Ordinal);
    private readonly IServiceScopeFactory _scopes;

    public AgentCatalog(IEnumerable<AgentRegistration> registrations, IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        foreach (var registration in registrations)
            if (!_agents.TryAdd(registration.Name, registration))
                throw new InvalidOperationException($"two agents are registered as '{registration.Name}': give each AddSkepAgent call its own name");
        Names = [.. _agents.Keys.Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc />
    public bool TryCreate(string name, [NotNullWhen(true)] out AgentHandle? agent)
    {
        agent = null;
        if (!_agents.TryGetValue(name, out var registration)) return false;
        var scope = _scopes.CreateAsyncScope();
        try
        {
            agent = new AgentHandle(registration.Create(scope.ServiceProvider), scope);
            return true;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }
}
