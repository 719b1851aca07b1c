using System.IO.Enumeration;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Commands;

/// <summary>
/// Finds and stores the files that a task promised. Only plain files inside the working directory count, wherever links lead;
/// in a name, <c>*</c> stands for any characters but the slash.
/// </summary>
internal static class ProducedFiles
{
    /// <summary>Most files of one attempt.</summary>
    public const int MaxFiles = 1_000;

    /// <summary>Stores them all.</summary>
    /// <exception cref="FormatException">One is missing, outside, or no plain file; the message says which and what to do.</exception>
    /// <exception cref="IOException">One cannot be read or stored.</exception>
    public static async Task<IReadOnlyList<Artifact>> StoreAsync(AttemptRequest request, IArtifactStore store, CancellationToken cancel)
    {
        var artifacts = new List<Artifact>();
        foreach (var name in Find(request))
        {
            var path = Check(request.WorkingDirectory, name);
            artifacts.Add(await store.PutAsync(name, path, cancel));
        }

        return artifacts;
    }

    /// <summary>The names, globs replaced by what they match, each once.</summary>
    private static List<string> Find(AttemptRequest request)
    {
        var names = new List<string>();
        foreach (var pattern in request.Produces)
        {
            var segments = Segments(pattern);
            List<string> found = pattern.Contains('*')
                ? [.. Expand(request.WorkingDirectory, "", segments).Order(StringComparer.Ordinal)]
                : [string.Join('/', segments)];
            if (found.Count == 0) throw Missing(pattern, request.WorkingDirectory);
            names.AddRange(found.Except(names).ToList());
            if (names.Count > MaxFiles) throw new FormatException($"'produces' names more than {MaxFiles} files: pack them into an archive and list that");
        }

        return names;
    }

    private static string[] Segments(string pattern)
    {
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != ".").ToArray();
        if (pattern.StartsWith('/') || segments.Contains("..") || segments.Length == 0)
            throw new FormatException($"'produces' names '{pattern}', which is not a path inside the working directory: give a relative path without '..'");
        return segments;
    }

    private static IEnumerable<string> Expand(string root, string prefix, ReadOnlyMemory<string> segments)
    {
        var segment = segments.Span[0];
        var folder = Path.Combine(root, prefix);
        if (!Directory.Exists(folder)) yield break;
        var last = segments.Length == 1;
        foreach (var path in last ? Directory.EnumerateFiles(folder) : Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(path);
            // As in a shell, a star does not match hidden files.
            if ((name[0] == '.' && segment[0] != '.') || !FileSystemName.MatchesSimpleExpression(segment.Replace("\\", "\\\\").Replace("?", "\\?"), name, ignoreCase: false)) continue;
            var relative = prefix.Length == 0 ? name : $"{prefix}/{name}";
            if (last) yield return relative;
            else
                foreach (var inner in Expand(root, relative, segments[1..])) yield return inner;
        }
    }

    private static string Check(string workingDirectory, string name)
    {
        var real = UnixSystem.RealPath(Path.Combine(workingDirectory, name)) ?? throw Missing(name, workingDirectory);
        var root = UnixSystem.RealPath(workingDirectory) ?? throw Missing(name, workingDirectory);
        if (!real.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw new FormatException($"'{name}' leads out of the working directory, to '{real}': copy the file instead of linking to it");
        using var file = PlainFile.Open(real)
            ?? throw new FormatException($"'{name}' is no plain file: list the files of a folder as '{name}/*'");
        return real;
    }

    private static FormatException Missing(string name, string workingDirectory) =>
        new($"did not produce '{name}' (looked in '{workingDirectory}')");
}
