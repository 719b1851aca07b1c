namespace Skep.Orchestration.Coverage;

/// <summary>
/// Turns file names of reports into paths relative to the workspace. A name is relative to one of the report's source folders; which one is
/// decided by where there is such a file. A report that was made in another folder (on a build machine, say) names files that lie here, too, below
/// another root. Names of files that are not here stay as they are.
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
        var best = candidates.Find(c => IsInside(c) && exists(c)) ?? candidates.Select(FromElsewhere).FirstOrDefault(c => c is not null)
            ?? candidates.Find(c => exists(c)) ?? candidates.Find(IsInside) ?? name;
        return IsInside(best) ? best[_root.Length..] : best.TrimStart('/');
    }

    /// <summary>The same file in this workspace, where the report was made in another folder: the longest end of its path that is there.</summary>
    private string? FromElsewhere(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            if (exists(_root + path[(slash + 1)..])) return _root + path[(slash + 1)..];
        return null;
    }

    private bool IsInside(string path) => path.StartsWith(_root, StringComparison.Ordinal);
}
