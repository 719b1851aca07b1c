namespace Skep.Agents.Specs;

/// <summary>A folder in which agent files are looked for.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Shown">How people are told of it: <c>.claude/agents</c>, <c>~/.skep/agents</c>.</param>
/// <param name="Within">The folder that it must not lead out of by links; null: it may lie anywhere, because it is the user's own.</param>
public sealed record AgentFolder(string Path, string Shown, string? Within)
{
    private static readonly string[] OfProject = [".skep/agents", ".claude/agents", "agents"];
    private static readonly string[] OfHome = [".skep/agents", ".claude/agents"];
    private static readonly string[] Marks = [".skep", ".git", ".claude"];
    private const int MaxLevels = 64;

    /// <summary>
    /// The folders of a project and of a user, the nearest first: <c>.skep/agents</c>, <c>.claude/agents</c> and <c>agents</c> of the project,
    /// then <c>.skep/agents</c> and <c>.claude/agents</c> at home. Where two have an agent of the same name, the first one counts.
    /// </summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="home">The user's home, or null for none.</param>
    public static IReadOnlyList<AgentFolder> Of(string project, string? home)
    {
        ArgumentNullException.ThrowIfNull(project);
        var root = System.IO.Path.GetFullPath(project);
        var own = OfProject.Select(f => new AgentFolder(System.IO.Path.Combine(root, f), f, root));
        if (string.IsNullOrEmpty(home) || System.IO.Path.GetFullPath(home) == root) return [.. own];
        return [.. own, .. OfHome.Select(f => new AgentFolder(System.IO.Path.Combine(home, f), "~/" + f, null))];
    }

    /// <summary>The project that a folder belongs to: the nearest one at or above it with a <c>.skep</c>, <c>.git</c> or <c>.claude</c>, below the user's home; else the folder itself.</summary>
    public static string ProjectOf(string start, string? home)
    {
        ArgumentNullException.ThrowIfNull(start);
        var at = new DirectoryInfo(start);
        for (var level = 0; level < MaxLevels && at is not null && at.FullName != home; level++, at = at.Parent)
            if (Marks.Any(m => System.IO.Path.Exists(System.IO.Path.Combine(at.FullName, m)))) return at.FullName;
        return System.IO.Path.GetFullPath(start);
    }
}
