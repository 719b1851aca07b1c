namespace Skep.Orchestration.Hooks;

/// <summary>Paths without links: a link must not be a way around what is owned.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path behind all links, of which the last parts need not exist; the path itself when that cannot be told.</summary>
    public static string Of(string path)
    {
        try
        {
            return Resolve(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return path;
        }
    }

    private static string Resolve(string path)
    {
        var links = 0;
        var done = Path.GetPathRoot(path)!;
        var todo = new Stack<string>();
        Push(path[done.Length..]);
        while (todo.TryPop(out var name))
        {
            var next = Path.Combine(done, name);
            if (new FileInfo(next).LinkTarget is not { } link || ++links > MaxLinks)
            {
                done = next;
                continue;
            }

            var full = Path.GetFullPath(link, done);
            done = Path.GetPathRoot(full)!;
            Push(full[done.Length..]);
        }

        return done;

        void Push(string rest)
        {
            var parts = rest.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
            for (var i = parts.Length - 1; i >= 0; i--) todo.Push(parts[i]);
        }
    }
}
