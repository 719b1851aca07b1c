using System.Text;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>Files that an agent has changed and may not. Pure.</summary>
/// <param name="Line">In a line, for people.</param>
/// <param name="Evidence">All of them, cut at <see cref="MaxPaths"/>.</param>
internal sealed record Trespass(string Line, string Evidence)
{
    /// <summary>Most files that are listed.</summary>
    public const int MaxPaths = 100;

    private const int MaxInLine = 5;

    /// <summary>How the line begins; the next attempt is told what begins so.</summary>
    public const string Beginning = "handed back: changed files that are not its own: ";

    /// <summary>Looks at the files of a commit.</summary>
    /// <param name="paths">The changed files, from the root of the repository.</param>
    /// <param name="own">What the agent owns; without globs it may change what nobody else owns.</param>
    /// <param name="others">The other agents that work in the repository.</param>
    /// <returns>Null when all of them are its own.</returns>
    public static Trespass? Of(IReadOnlyList<string> paths, Owner own, IReadOnlyList<Owner> others)
    {
        var wrong = paths.Select(p => (Path: p, Why: WhyNot(p, own, others))).Where(p => p.Why is not null).ToList();
        if (wrong.Count == 0) return null;
        var line = Beginning + string.Join(", ", wrong.Take(MaxInLine).Select(w => w.Path)) + (wrong.Count > MaxInLine ? $" and {wrong.Count - MaxInLine} more" : "");
        var text = new StringBuilder($"The agent owns {Text(own.Globs)} and has changed {wrong.Count} other file{(wrong.Count == 1 ? "" : "s")}:\n");
        foreach (var (path, why) in wrong.Take(MaxPaths)) text.Append($"  {path}: {why}\n");
        if (wrong.Count > MaxPaths) text.Append($"  and {wrong.Count - MaxPaths} more\n");
        return new Trespass(line, text.ToString());
    }

    private static string? WhyNot(string path, Owner own, IReadOnlyList<Owner> others)
    {
        if (others.FirstOrDefault(o => Holds(o, path)) is { } other) return $"{other.Agent} ({other.Key}) owns it while it works";
        return own.Globs.Count == 0 || Holds(own, path) ? null : "no glob of its 'owns' fits";
    }

    private static bool Holds(Owner owner, string path) => owner.Globs.Any(g => Glob.IsMatch(g, path));

    private static string Text(IReadOnlyList<string> globs) => globs.Count == 0 ? "no files of its own" : string.Join(", ", globs.Select(g => $"'{g}'"));
}
