using Skep.Agents.Queries;
using Skep.Coding.Git;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Coding.Agents;

/// <summary>Settings of <see cref="CodingExtension"/>.</summary>
public sealed record CodingExtensionOptions
{
    /// <summary>How programs are started, and where variables of the host are read.</summary>
    public CommandExecutorOptions Command { get; init; } = new();

    /// <summary>How git is run.</summary>
    public GitOptions Git { get; init; } = new();

    /// <summary>
    /// The queries at work of the host's chat agents, whose extension answers requests to coding agents, too. Null: there are no chat agents, and this extension answers them.
    /// </summary>
    public QueryDesk? Desk { get; init; }

    /// <summary>How long a merge queue waits before it looks again at something that hinders it.</summary>
    public TimeSpan RetryWait { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Brings coding agents to a host: the executor <c>coding-cli</c>, with worktrees and merge queues.</summary>
/// <param name="options">Settings.</param>
public sealed class CodingExtension(CodingExtensionOptions options) : IHostExtension
{
    /// <inheritdoc />
    public IReadOnlyList<StoreModule> Modules => [CodingStore.Module, QueryStore.Module];

    /// <inheritdoc />
    public HostParts Attach(SkepHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var commands = new CommandExecutor(new BlobArtifacts(host.Blobs), options.Command with { Time = host.Time });
        var merges = new MergeDesk(host, commands, options.RetryWait);
        var services = new CodingServices(host, options, merges);
        IRequestFamily[] queries = options.Desk is null ? [new QueryFamily(host, services.Queries, services.Desk, new BudgetDesk(services.Queries, host.Time))] : [];
        return new HostParts([new CodingExecutor(services)], [new MergeFamily(merges), .. queries]);
    }
}
