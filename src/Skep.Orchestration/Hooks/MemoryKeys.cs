using Skep.Memory;

namespace Skep.Orchestration.Hooks;

/// <summary>Paths of memory entries that hooks write.</summary>
internal static class MemoryKeys
{
    // A namespace and a key may each have 256 characters.
    private const int MaxJoined = 200;

    /// <summary>A path that people give.</summary>
    /// <exception cref="RequestException">It cannot be one.</exception>
    public static string Require(string path)
    {
        try
        {
            return MemoryPath.Parse(path).Full;
        }
        catch (MemoryException e)
        {
            throw new RequestException(RequestCodes.BadRequest, e.Message);
        }
    }

    /// <summary>A path made of names that may hold anything: what is not allowed becomes '-'.</summary>
    public static string Of(string prefix, string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Part).Where(p => p.Length > 0).ToList();
        if (parts.Count > MemoryLimits.MaxDepth - 2) parts = parts[^(MemoryLimits.MaxDepth - 2)..];
        var joined = parts.Count == 0 ? "unnamed" : string.Join('/', parts);
        return $"{prefix}/{(joined.Length <= MaxJoined ? joined : joined[^MaxJoined..].TrimStart('/'))}";
    }

    /// <summary>Who wrote an entry; what a memory does not take as a name is left out.</summary>
    public static MemoryAuthor Author(string? agent, string? task, string? run) => new(Plain(agent), Plain(task), Plain(run));

    private static string? Plain(string? name) => name is null || name.Length > MemoryLimits.MaxAuthorField || name.Any(static c => char.IsControl(c) || char.IsSurrogate(c)) ? null : name;

    private static string Part(string part)
    {
        var clean = string.Concat(part.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '@' ? c : '-'));
        return clean is "." or ".." ? "-" : clean.Length > 60 ? clean[..60] : clean;
    }
}
