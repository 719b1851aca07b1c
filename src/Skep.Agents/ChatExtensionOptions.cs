using Skep.Agents.Queries;
using Skep.Models.Limits;
using Skep.Orchestration;

namespace Skep.Agents;

/// <summary>Settings of <see cref="ChatExtension"/>.</summary>
public sealed record ChatExtensionOptions
{
    /// <summary>Finds models for a folder, and tells which values are keys.</summary>
    public required Func<SkepHost, FolderModels> Models { get; init; }

    /// <summary>Tools beside the built-in ones.</summary>
    public IReadOnlyList<IToolSource> Tools { get; init; } = [];

    /// <summary>How often and how soon failed calls are tried again.</summary>
    public CallRetryOptions Retry { get; init; } = new();

    /// <summary>The queries at work. Other extensions of the same host whose agents are queries, too, are given the same one.</summary>
    public QueryDesk Desk { get; init; } = new();

    /// <summary>How programs are started by tools, and where secrets are read.</summary>
    public CommandExecutorOptions Command { get; init; } = new();
}
