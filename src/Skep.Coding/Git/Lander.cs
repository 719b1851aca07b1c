using System.Security.Cryptography;
using System.Text;

namespace Skep.Coding.Git;

/// <summary>What came of a landing.</summary>
/// <param name="Tip">Where the target is now.</param>
/// <param name="Landed">Whether the candidate is part of the target.</param>
/// <param name="Behind">Why a worktree of the target could not follow, or null.</param>
public sealed record Landing(string Tip, bool Landed, string? Behind);

/// <summary>
/// Moves a target to a checked candidate. The ref moves first, by compare and swap: it is the truth. A worktree where the target is checked out then
/// follows, touching only files that differ, and none that somebody has changed.
/// </summary>
internal sealed class Lander(GitRepository git)
{
    private const int ShownPaths = 5;

    /// <summary>Why the target cannot be moved now, or null. Nobody's changes are touched: a checkout with changes waits for its owner.</summary>
    public async Task<string?> ObstacleAsync(string target, string from, string to, CancellationToken cancel)
    {
        foreach (var path in await CheckoutsAsync(target, cancel))
        {
            var dirty = (await git.RunAsync(path, ["status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty"], cancel)).Fields;
            if (dirty.Length > 0) return $"'{target}' is checked out in {path} with changes that are not committed ({Shown([.. dirty.Select(d => d.Length > 3 ? d[3..] : d)])}): commit or stash them, or check out another branch there";
            // Told from the index as it is: with nothing changed, only files that git does not track can be in the way.
            var dry = await git.RawAsync(path, ["read-tree", "-m", "-u", "-n", from, to], cancel);
            if (dry.Code != 0) return $"'{target}' is checked out in {path} and cannot be moved forward there: {dry.Errors}; move the files out of the way, or check out another branch there";
        }

        return null;
    }

    /// <summary>Lands, or finds that it has landed: may be called again at any time after a crash.</summary>
    public async Task<Landing> LandAsync(string target, string from, string to, string why, CancellationToken cancel)
    {
        var name = GitNames.HeadRef(target);
        var tip = await git.RequireTipAsync(target, cancel);
        if (tip == from && await git.SwapRefAsync(name, to, from, why, cancel)) tip = to;
        else tip = await git.RequireTipAsync(target, cancel);
        if (!await git.IsAncestorAsync(to, tip, cancel)) return new Landing(tip, false, null);
        return new Landing(tip, true, tip == to ? await FollowAsync(target, from, to, cancel) : null);
    }

    private async Task<string?> FollowAsync(string target, string from, string to, CancellationToken cancel)
    {
        string? behind = null;
        foreach (var path in await CheckoutsAsync(target, cancel))
        {
            if (await HasIndexAsync(path, to, cancel)) continue;
            // What somebody has staged or changed meanwhile is carried along, and never overwritten: then this fails.
            var moved = await git.RawAsync(path, ["read-tree", "-m", "-u", from, to], cancel);
            if (moved.Code != 0 && !(await HasIndexAsync(path, from, cancel) && await FinishAsync(path, from, to, cancel))) behind = $"'{target}' has moved to {to}, but its checkout in {path} could not follow: {moved.Errors}; look at 'git -C {path} diff {to}', then 'git -C {path} reset --keep {to}'";
        }

        return behind;
    }

    private async Task<bool> HasIndexAsync(string path, string commit, CancellationToken cancel) =>
        (await git.RawAsync(path, ["diff-index", "--cached", "--quiet", commit, "--"], cancel)).Code == 0;

    /// <summary>A checkout that was cut short has files of both commits. When each is exactly one or the other, nothing is lost by finishing it.</summary>
    private async Task<bool> FinishAsync(string path, string from, string to, CancellationToken cancel)
    {
        var (old, young) = (await ChangedAsync(path, from, cancel), await ChangedAsync(path, to, cancel));
        var known = (await git.RunAsync(path, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", from], cancel)).Fields.ToHashSet();
        if (young.Any(p => old.Contains(p) || (!known.Contains(p) && Path.Exists(Path.Combine(path, p))))) return false;
        return (await git.RawAsync(path, ["read-tree", "--reset", "-u", to], cancel)).Code == 0;
    }

    /// <summary>Paths whose files differ from a commit's, by content; files that only exist here count when the commit has that path.</summary>
    private async Task<IReadOnlySet<string>> ChangedAsync(string path, string commit, CancellationToken cancel)
    {
        var index = Path.Combine(Path.GetTempPath(), $"skep-index-{Environment.ProcessId}-{Digest(path + commit)}");
        try
        {
            var other = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = index };
            await git.RunAsync(path, ["read-tree", commit], cancel, environment: other);
            // A new index knows no times of files; this compares contents. It fails where some differ.
            await git.RawAsync(path, ["update-index", "-q", "--refresh"], cancel, environment: other);
            return (await git.RawAsync(path, ["diff-files", "-z", "--name-only", "--no-ext-diff"], cancel, environment: other)).Fields.ToHashSet();
        }
        finally
        {
            File.Delete(index);
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private async Task<IReadOnlyList<string>> CheckoutsAsync(string target, CancellationToken cancel) =>
        [.. (await git.WorktreesAsync(cancel)).Where(w => w.Branch == target && Directory.Exists(w.Path)).Select(w => w.Path)];

    private static string Shown(IReadOnlyList<string> paths) => string.Join(", ", paths.Take(ShownPaths)) + (paths.Count > ShownPaths ? $" and {paths.Count - ShownPaths} more" : "");
}
