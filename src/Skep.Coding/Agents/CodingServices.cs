using System.Collections.Concurrent;
using Skep.Agents.Queries;
using Skep.Coding.Git;
using Skep.Coding.Worktrees;
using Skep.Orchestration;
using Skep.Orchestration.Processes;

namespace Skep.Coding.Agents;

/// <summary>What all attempts of coding agents share.</summary>
internal sealed class CodingServices(SkepHost host, CodingExtensionOptions options, MergeDesk merges)
{
    /// <summary>Most repositories that are remembered; a process works in few.</summary>
    private const int MaxRepositories = 100;

    private readonly ConcurrentDictionary<string, GitRepository> _repositories = new(StringComparer.Ordinal);

    public CommandExecutorOptions Command { get; } = options.Command with { Time = host.Time };

    public TreeSampler Sampler { get; } = new(host.Time);

    public MergeDesk Merges => merges;

    /// <summary>The logs of queries.</summary>
    public QueryStore Queries { get; } = new(host.Store, host.Time);

    /// <summary>Who has which files for itself.</summary>
    public LiveOwners Owners { get; } = new();

    /// <summary>The queries at work.</summary>
    public QueryDesk Desk { get; } = options.Desk ?? new QueryDesk();

    /// <summary>The queens.</summary>
    public IQueryHost Queens { get; } = new QueenOfHost(host);

    /// <summary>Whether somebody has cancelled an attempt, so that no other takes its work up.</summary>
    public bool IsCancelled(AttemptRequest request) =>
        RunReader.Load(host.Store, host.Blobs, request.RunId).Find(request.TaskId) is { } node && node.Attempts.FirstOrDefault(a => a.Number == request.Attempt) is { Stop: StopReason.Cancelled };

    /// <summary>The clock.</summary>
    public TimeProvider Time => host.Time;

    public SessionStore Sessions { get; } = new(host.Store, host.Time);

    public IArtifactStore Artifacts { get; } = new BlobArtifacts(host.Blobs);

    /// <summary>The repository of a workspace; one instance for all who work in it.</summary>
    /// <exception cref="GitException">There is none.</exception>
    public async Task<GitRepository> RepositoryAsync(string workspace, CancellationToken cancel)
    {
        if (_repositories.TryGetValue(workspace, out var known)) return known;
        var opened = await GitRepository.OpenAsync(workspace, options.Git with { Time = host.Time }, cancel);
        if (_repositories.Count >= MaxRepositories) _repositories.Clear();
        // Two workspaces in one repository share its register of worktrees.
        var shared = _repositories.Values.FirstOrDefault(r => r.CommonDirectory == opened.CommonDirectory && r.Root == opened.Root) ?? opened;
        return _repositories.GetOrAdd(workspace, shared);
    }

    public WorktreePool Pool(GitRepository git, string run) => new(git, host.Folder, new WorktreeStore(host.Store, host.Time), run, host.Time);
}
