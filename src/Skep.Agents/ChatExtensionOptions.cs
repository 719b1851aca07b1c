using Skep.Models;
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

    /// <summary>How programs are started by tools, and where secrets are read.</summary>
    public CommandExecutorOptions Command { get; init; } = new();
}

/// <summary>The models of a folder.</summary>
/// <param name="Source">Finds them.</param>
/// <param name="Keys">Values that must never be shown.</param>
public sealed record FolderModels(IModelSource Source, Func<IEnumerable<string>> Keys);
