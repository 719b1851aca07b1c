namespace Skep.Memory;

/// <summary>
/// Which entries are meant. <c>swarm/worker-1</c>: the entry of that name and all beneath, but not <c>swarm/worker-10</c>. <c>swarm/</c>: all beneath.
/// <c>swarm/w*</c>: all that begin so. Nothing, or <c>*</c>: all.
/// </summary>
public sealed class MemoryPrefix
{
    private readonly PathRange[] _ranges;

    private MemoryPrefix(string text, params PathRange[] ranges)
    {
        Text = text;
        _ranges = ranges;
        Array.Sort(_ranges, static (a, b) => string.CompareOrdinal(a.From, b.From));
    }

    /// <summary>All entries.</summary>
    public static MemoryPrefix All { get; } = new("", new PathRange("", PathRange.End));

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>The stretches of paths, in order and apart.</summary>
    internal IReadOnlyList<PathRange> Ranges => _ranges;

    /// <summary>Reads a prefix.</summary>
    /// <exception cref="MemoryException">It is not a valid one.</exception>
    public static MemoryPrefix Parse(string? prefix)
    {
        if (prefix is null or "" or "*") return All;
        var stem = prefix.TrimEnd('*');
        if (stem.Length < prefix.Length - 1) throw Invalid(prefix, "one '*' at the end is enough");
        var open = stem.EndsWith('/');
        if (MemoryPath.FaultOf(open ? stem[..^1] : stem) is { } fault) throw Invalid(prefix, fault);
        if (open || stem.Length < prefix.Length) return new MemoryPrefix(prefix, PathRange.Beginning(stem));
        return new MemoryPrefix(prefix, PathRange.Only(MemoryPath.Parse(stem).Full), PathRange.Beginning(stem + "/"));
    }

    /// <summary>Whether a full path is among them.</summary>
    public bool Contains(string path)
    {
        foreach (var range in _ranges)
        {
            if (range.Contains(path)) return true;
        }

        return false;
    }

    private static MemoryException Invalid(string prefix, string fault) =>
        new(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(prefix)}' cannot be a prefix: {fault}");
}

/// <summary>Paths from one to before another, in ordinal order.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The first that no longer belongs to them.</param>
internal readonly record struct PathRange(string From, string To)
{
    /// <summary>Sorts after all that a path may consist of.</summary>
    internal const string End = "~";

    /// <summary>One path alone.</summary>
    internal static PathRange Only(string path) => new(path, After(path));

    /// <summary>All paths that begin so.</summary>
    internal static PathRange Beginning(string stem) => new(stem, stem[..^1] + (char)(stem[^1] + 1));

    /// <summary>The first path after another.</summary>
    internal static string After(string path) => path + "!"; // '!' sorts before all that a path may consist of.

    internal bool Contains(string path) => string.CompareOrdinal(path, From) >= 0 && string.CompareOrdinal(path, To) < 0;
}
