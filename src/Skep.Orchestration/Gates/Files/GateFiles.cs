using System.IO.Enumeration;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Finds the files that a gate looks at. A path stays below the folder that it begins in (the gate's working directory, the workspace, the
/// run's or the plan's folder), wherever links lead; a glob does not follow links to folders and, as in a shell, sees no hidden files unless it says so.
/// </summary>
internal sealed class GateFiles(AttemptRequest request, CancellationToken cancel)
{
    /// <summary>Most files that one glob may match.</summary>
    public const int MaxMatches = 10_000;

    /// <summary>Most entries of folders that one glob looks at.</summary>
    public const int MaxEntries = 200_000;

    private int _entries;

    /// <summary>The files that a path or glob stands for, by name; empty when there is none.</summary>
    /// <exception cref="FormatException">The path leaves its folder, or names too much.</exception>
    public IReadOnlyList<GateFile> Find(string pattern)
    {
        var (root, rest) = Split(pattern);
        var glob = Glob.Normalise(rest);
        if (glob.Length == 0 || rest.Split('/').Contains("..")) throw Leaves(pattern);
        if (UnixSystem.RealPath(root) is not { } realRoot) return [];
        var segments = glob.Split('/');
        if (Array.TrueForAll(segments, s => Glob.IsLiteral(s))) return Single(pattern, Path.Combine(realRoot, glob), realRoot);
        _entries = 0;
        var found = new List<GateFile>();
        var start = segments.TakeWhile(s => Glob.IsLiteral(s)).ToArray();
        var folder = UnixSystem.RealPath(Path.Combine([realRoot, .. start]));
        if (folder is not null && IsBelow(folder, realRoot)) Walk(folder, string.Join('/', start), glob, segments, found);
        return [.. found.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    private static List<GateFile> Single(string pattern, string path, string realRoot)
    {
        if (UnixSystem.RealPath(path) is not { } real) return [];
        if (!IsBelow(real, realRoot)) throw new FormatException($"'{pattern}' leads out of its folder, to '{real}': a gate looks at files below {realRoot}");
        return [new GateFile(pattern, real)];
    }

    private void Walk(string folder, string prefix, string glob, string[] segments, List<GateFile> found)
    {
        cancel.ThrowIfCancellationRequested();
        var deeper = segments.Contains("**") || prefix.Split('/', StringSplitOptions.RemoveEmptyEntries).Length + 1 < segments.Length;
        var hidden = Array.Exists(segments, s => s[0] == '.');
        foreach (var entry in Entries(folder))
        {
            if (++_entries > MaxEntries) throw new FormatException($"'{glob}' looks through more than {MaxEntries} files and folders: begin it with the folder that is meant");
            if (entry.Name[0] == '.' && !hidden) continue;
            var name = prefix.Length == 0 ? entry.Name : $"{prefix}/{entry.Name}";
            if (entry.IsFolder)
            {
                if (deeper && !entry.IsLink) Walk(Path.Combine(folder, entry.Name), name, glob, segments, found);
            }
            else if (!entry.IsLink && Glob.IsMatch(glob, name))
            {
                if (found.Count == MaxMatches) throw new FormatException($"'{glob}' matches more than {MaxMatches} files: write a narrower one");
                found.Add(new GateFile(name, Path.Combine(folder, entry.Name)));
            }
        }
    }

    private static FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink)> Entries(string folder) => new(
        folder,
        (ref FileSystemEntry e) => (e.FileName.ToString(), e.IsDirectory, (e.Attributes & FileAttributes.ReparsePoint) == FileAttributes.ReparsePoint),
        new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true });

    /// <summary>The folder that a path begins in, and the rest of it.</summary>
    private (string Root, string Path) Split(string pattern)
    {
        if (!pattern.StartsWith('/')) return (request.WorkingDirectory, pattern);
        foreach (var root in new[] { Path.Combine(request.RunDirectory, RunPaths.Work), request.Workspace, request.PlanDirectory })
        {
            var folder = Path.TrimEndingDirectorySeparator(root);
            if (pattern.StartsWith(folder + "/", StringComparison.Ordinal)) return (folder, pattern[(folder.Length + 1)..]);
        }

        throw Leaves(pattern);
    }

    private static bool IsBelow(string path, string root) => path == root || path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);

    private FormatException Leaves(string pattern) =>
        new($"'{pattern}' is no path below {request.WorkingDirectory}, ${{run.dir}}, ${{run.workspace}} or ${{plan.dir}}: a gate does not look elsewhere");
}

/// <summary>A file that a gate looks at.</summary>
/// <param name="Name">As the gate tells it.</param>
/// <param name="Path">Absolute path, links resolved.</param>
internal readonly record struct GateFile(string Name, string Path);
