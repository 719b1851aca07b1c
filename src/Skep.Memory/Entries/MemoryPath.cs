namespace Skep.Memory;

/// <summary>
/// The name of an entry: a namespace such as <c>swarm/worker-1</c> and a key such as <c>status</c>, written with a '/' between. A path without
/// '/' lies in the namespace <c>default</c>. Parts consist of ASCII letters, digits and <c>- _ . : @</c>, so that order and equality mean the same everywhere.
/// </summary>
public readonly record struct MemoryPath
{
    /// <summary>The namespace of paths without one.</summary>
    public const string DefaultNamespace = "default";

    private MemoryPath(string full) => Full = full;

    /// <summary>Namespace and key.</summary>
    public string Full { get; }

    /// <summary>All before the last '/'.</summary>
    public string Namespace => NamespaceOf(Full);

    /// <summary>All after the last '/'.</summary>
    public string Key => Full[(Full.LastIndexOf('/') + 1)..];

    /// <summary>Checks a path and gives it its namespace.</summary>
    /// <exception cref="MemoryException">It is not a valid path.</exception>
    public static MemoryPath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (FaultOf(path) is { } fault) throw new MemoryException(MemoryFault.InvalidRequest, $"'{Shown(path)}' cannot be the path of an entry: {fault}");
        return new MemoryPath(path.Contains('/') ? path : $"{DefaultNamespace}/{path}");
    }

    /// <inheritdoc/>
    public override string ToString() => Full;

    /// <summary>The namespace of a full path.</summary>
    internal static string NamespaceOf(string full) => full[..full.LastIndexOf('/')];

    /// <summary>What is wrong with a path, or null.</summary>
    internal static string? FaultOf(string path)
    {
        var key = path.Length - 1 - path.LastIndexOf('/');
        if (path.Length == 0) return "it is empty; give a name such as swarm/worker-1/status";
        if (key > MemoryLimits.MaxKey) return $"its key has {key} characters; at most {MemoryLimits.MaxKey} are allowed (long content belongs into the value)";
        if (path.Length - key - 1 > MemoryLimits.MaxNamespace) return $"its namespace has {path.Length - key - 1} characters; at most {MemoryLimits.MaxNamespace} are allowed";
        if (path.AsSpan().Count('/') >= MemoryLimits.MaxDepth) return $"it has {path.AsSpan().Count('/') + 1} parts; at most {MemoryLimits.MaxDepth} are allowed";
        foreach (var part in path.AsSpan().Split('/'))
        {
            if (PartFault(path.AsSpan()[part]) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>A text in an error: short, and without control characters.</summary>
    internal static string Shown(string text)
    {
        var part = text.Length <= 80 ? text : text[..80] + "…";
        return string.Create(part.Length, part, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? '·' : from[i];
        });
    }

    private static string? PartFault(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty) return "it has an empty part; write single '/' between the parts, and none at the beginning or end";
        if (part is "." or "..") return $"'{part}' cannot be a part of it; name the entry in full";
        foreach (var c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '@'))
                return $"'{(char.IsControl(c) || char.IsSurrogate(c) ? '·' : c)}' is not allowed; use ASCII letters, digits and - _ . : @, with '/' between parts";
        }

        return null;
    }
}
