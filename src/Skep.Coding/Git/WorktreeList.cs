namespace Skep.Coding.Git;

/// <summary>A worktree as git lists it.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Head">Its commit; empty in a bare repository and where there is none yet.</param>
/// <param name="Branch">Its branch without <c>refs/heads/</c>, or null when it is detached.</param>
/// <param name="Lock">Why it is locked, or null.</param>
internal sealed record ListedWorktree(string Path, string Head, string? Branch, string? Lock = null);

/// <summary>Worktrees of a repository.</summary>
internal static class WorktreeList
{
    /// <summary>All worktrees that git knows, the main one included. Their folders may be gone.</summary>
    public static async Task<IReadOnlyList<ListedWorktree>> WorktreesAsync(this GitRepository git, CancellationToken cancel) =>
        Parse((await git.RunAsync(git.Root, ["worktree", "list", "--porcelain", "-z"], cancel)).Output);

    /// <summary>Reads records of fields that end with NUL; an empty field ends a record.</summary>
    public static IReadOnlyList<ListedWorktree> Parse(string output)
    {
        var found = new List<ListedWorktree>();
        foreach (var record in output.Split("\0\0", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = record.Split('\0');
            string? Value(string name) => fields.FirstOrDefault(f => f.StartsWith(name + " ", StringComparison.Ordinal))?[(name.Length + 1)..];
            const string heads = "refs/heads/";
            if (Value("worktree") is not { } path) continue;
            found.Add(new ListedWorktree(path, Value("HEAD") ?? "", Value("branch") is { } b && b.StartsWith(heads, StringComparison.Ordinal) ? b[heads.Length..] : null, Value("locked")));
        }

        return found;
    }
}
