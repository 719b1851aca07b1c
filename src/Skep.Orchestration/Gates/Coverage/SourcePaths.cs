namespace Skep.Orchestration.Coverage;

/// <summary>
/// Turns file names of reports into paths relative to the workspace. A name is relative to one of the report's source folders; which one is
/// decided by where there is such a file, else by what lies in the workspace. Reports from another machine keep their names as they are.
/// </summary>
internal sealed class SourcePaths(string workspace, Func<string, bool> exists)
{
    /// <summary>Longest file name, in characters.</summary>
    public const int MaxName = 4096;

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace)) + "/";
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The path with forward slashes.</summary>
    public string Resolve(IReadOnlyList<string> sources, string name)
    {
        if (name.Length > MaxName || name.Contains('\0')) throw new FormatException($"a report names a file of {name.Length} characters");
        var key = $"{string.Join('\n', sources)}\n{name}";
        return _known.TryGetValue(key, out var path) ? path : _known[key] = Find(sources, name.Replace('\\', '/'));
    }

    private string Find(IReadOnlyList<string> sources, string name)
    {
        var candidates = sources.Where(s => !s.Contains('\0')).Select(s => Path.GetFullPath(name, Path.GetFullPath(s.Replace('\\', '/'), _root)))
            .Append(Path.GetFullPath(name, _root)).ToList();
        var best = candidates.Find(c => IsInside(c) && exists(c)) ?? candidates.Find(c => exists(c)) ?? candidates.Find(IsInside) ?? name;
        return IsInside(best) ? best[_root.Length..] : best.TrimStart('/');
    }

    private bool IsInside(string path) => path.StartsWith(_root, StringComparison.Ordinal);
}
