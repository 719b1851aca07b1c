namespace Skep.Agents.Specs;

/// <summary>Paths with all links followed.</summary>
internal static class RealPath
{
    /// <summary>Most links that are followed, as the kernel has it.</summary>
    private const int MaxLinks = 40;

    /// <summary>The path without links; null when there is nothing there, or links lead in a circle.</summary>
    /// <exception cref="IOException">A folder on the way cannot be looked into.</exception>
    public static string? Of(string path)
    {
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        var (real, links) = ("/", 0);
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            if (!Path.Exists(next) && new FileInfo(next).LinkTarget is null) return null;
            if (new FileInfo(next).LinkTarget is not { } target) real = next;
            else if (++links > MaxLinks) return null;
            else
            {
                if (Path.IsPathRooted(target)) real = "/";
                foreach (var piece in Parts(target).Reverse()) rest.Push(piece);
            }
        }

        return real;
    }

    /// <summary>Whether a real path is a real folder or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder == "/" ? folder : folder + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
