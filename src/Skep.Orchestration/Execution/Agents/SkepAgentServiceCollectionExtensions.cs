using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Skep.Orchestration;
using Skep.Orchestration.Agents;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers .NET agents for plans that say <c>executor: dotnet</c>.</summary>
public static class SkepAgentServiceCollectionExtensions
{
    /// <summary>Registers an agent class under a name. It is made by the container, once per attempt, in a scope of its own.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddSkepAgent<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TAgent>(
        this IServiceCollection services, string name)
        where TAgent : class, IAgent
    {
        services.TryAddScoped<TAgent>();
        return services.AddSkepAgent(name, static provider => provider.GetRequiredService<TAgent>());
    }

    /// <summary>Registers a way to make an agent under a name. It is called once per attempt, with a scope of its own.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddSkepAgent(this IServiceCollection services, string name, Func<IServiceProvider, IAgent> factory)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        services.AddSingleton(new AgentRegistration(name, factory));
        services.TryAddSingleton<IAgentCatalog, AgentCatalog>();
        return services;
    }
}
