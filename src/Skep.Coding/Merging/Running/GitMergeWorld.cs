using Skep.Coding.Git;

namespace Skep.Coding.Merging;

/// <summary>A merge queue's work in a real repository.</summary>
/// <param name="git">The repository.</param>
/// <param name="run">The run.</param>
/// <param name="target">The target.</param>
/// <param name="method">How branches come into it.</param>
/// <param name="folder">Folder for worktrees of candidates; it belongs to this queue alone.</param>
internal sealed class GitMergeWorld(GitRepository git, string run, string target, MergeMethod method, string folder) : IMergeWorld
{
    private readonly Integrator _integrator = new(git);
    private readonly Lander _lander = new(git);

    public Task<string> TipAsync(CancellationToken cancel) => git.RequireTipAsync(target, cancel);

    public Task<Integration> IntegrateAsync(MergeEntry entry, CancellationToken cancel)
    {
        var work = entry.Work;
        var message = $"Merge branch '{work.Branch}' into {target}\n\nTask: {work.Task}\nAttempt: {work.Attempt}\nAgent: {work.Agent}\nRun: {run}\n";
        return _integrator.IntegrateAsync(entry.Tip!, work.Commit, method, message, GitPerson.Agent(work.Agent), cancel);
    }

    public async Task<string> PrepareAsync(MergeEntry entry, int check, CancellationToken cancel)
    {
        // Held by a ref from here on, so that 'git gc' leaves it alone; one that came back stays for whoever looks at the evidence.
        await git.RunAsync(git.Root, ["update-ref", CandidateRef(entry), entry.Candidate!], cancel);
        var path = Path.Combine(folder, $"{entry.Number}-{check}");
        Directory.CreateDirectory(folder);
        await git.RunAsync(git.Root, ["worktree", "add", "--quiet", "--detach", path, entry.Candidate!], cancel);
        return path;
    }

    public Task<string?> ObstacleAsync(MergeEntry entry, CancellationToken cancel) => _lander.ObstacleAsync(target, entry.Tip!, entry.Candidate!, cancel);

    public Task<Landing> LandAsync(MergeEntry entry, CancellationToken cancel) =>
        _lander.LandAsync(target, entry.Tip!, entry.Candidate!, $"skep: land {entry.Work.Branch} of run {run}", cancel);

    /// <summary>Each check has a folder of its own name, so that a git or a check that has outlived its process is in nobody's way.</summary>
    public async Task CleanAsync(MergeState state, CancellationToken cancel)
    {
        var open = state.Head is { OpenCheck: { } check } head ? $"{head.Number}-{check}" : null;
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.GetDirectories(folder).Where(p => Path.GetFileName(p) != open)) await DropAsync(path, cancel);
        }

        // Behind the last that was settled in its turn there may be some that were withdrawn.
        for (var at = state.Settled - 1; at >= 0 && state.EntryList[at] is { Status: EntryStatus.Landed or EntryStatus.Withdrawn } over; at--)
        {
            await git.RawAsync(git.Root, ["update-ref", "-d", CandidateRef(over)], cancel);
            if (over.Status == EntryStatus.Landed) break;
        }
    }

    private async Task DropAsync(string path, CancellationToken cancel)
    {
        var removed = await git.RawAsync(git.Root, ["worktree", "remove", "--force", "--force", path], cancel);
        if (removed.Code == 0 || !Directory.Exists(path)) return;
        try
        {
            // Never registered, because its making was cut short.
            if ((await git.WorktreesAsync(cancel)).All(w => w.Path != path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody still writes there: the next cleaning takes it.
        }
    }

    private string CandidateRef(MergeEntry entry) => $"refs/skep/candidates/{GitNames.Part(run)}/{GitNames.Part(target)}/{entry.Number}";
}
