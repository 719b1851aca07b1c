using Skep.Memory;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Settings of a <see cref="SkepHost"/>.</summary>
public sealed record SkepHostOptions
{
    /// <summary>Name of the folder in the state folder with the vectors of memory. It can be deleted while no process owns the state folder.</summary>
    public const string MemoryIndexFolder = "memory-index";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Settings of the <c>command</c> executor.</summary>
    public CommandExecutorOptions Command { get; init; } = new();

    /// <summary>Agents of the host program, for executor <c>dotnet</c>; null means that there are none.</summary>
    public IAgentCatalog? Agents { get; init; }

    /// <summary>Further executors; one of a built-in kind replaces it.</summary>
    public IReadOnlyList<IExecutor> Executors { get; init; } = [];

    /// <summary>Further gate checks; one of a built-in kind replaces it.</summary>
    public IReadOnlyList<IGateCheck> Gates { get; init; } = [];

    /// <summary>Further kinds of requests.</summary>
    public IReadOnlyList<IRequestFamily> Families { get; init; } = [];

    /// <summary>What attaches to the host.</summary>
    public IReadOnlyList<IHostExtension> Extensions { get; init; } = [];

    /// <summary>
    /// Opens the search of the folder's memory, so that it is found by vectors, too (<see cref="Skep.Memory.MemorySearch.Open"/>, with the folder
    /// <see cref="MemoryIndexFolder"/>). Null: by words and metadata alone, as in the small client, which does without the code.
    /// </summary>
    public Func<MemoryStore, SkepFolder, MemorySearch>? MemorySearch { get; init; }

    /// <summary>What is being worked on in this process, for those who answer hook calls, where the host program keeps that itself; null for the runs of this host.</summary>
    public ILiveWork? LiveWork { get; init; }

    /// <summary>Makes the cache that this folder's memory shares with other nodes, such as a Redis; null for none.</summary>
    public Func<SkepFolder, Skep.Memory.Caching.ISharedCache?>? SharedCache { get; init; }

    /// <summary>Told once when that cache goes away, and once when it is back. Must be quick.</summary>
    public Action<Skep.Memory.Caching.CacheNotice>? CacheNotice { get; init; }

    /// <summary>Whether to take requests of other processes over the folder's socket.</summary>
    public bool Listen { get; init; } = true;

    /// <summary>Version that is written into logs.</summary>
    public string Version { get; init; } = typeof(SkepHostOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Who this is, in logs.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
