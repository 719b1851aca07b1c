namespace Skep.Memory.Patterns;

/// <summary>Where episodes lie, what is distilled of them, and what is left of those that were dropped: three namespaces beside each other.</summary>
public sealed record PatternSpaces
{
    /// <summary>The namespace of episodes unless another is named.</summary>
    public const string Default = "episodes";

    private PatternSpaces(string episodes) => Episodes = episodes;

    /// <summary>Episodes, one entry each.</summary>
    public string Episodes { get; }

    /// <summary>Skills, one entry each: the episodes' namespace and <c>.skills</c>.</summary>
    public string Skills => $"{Episodes}.skills";

    /// <summary>Counts of dropped episodes: the episodes' namespace and <c>.faded</c>.</summary>
    public string Faded => $"{Episodes}.faded";

    /// <summary>Checks a namespace.</summary>
    /// <param name="episodes">The namespace of the episodes; null for <see cref="Default"/>.</param>
    /// <exception cref="MemoryException">It cannot be a namespace, or is not meant to hold episodes.</exception>
    public static PatternSpaces Of(string? episodes)
    {
        var name = episodes ?? Default;
        if (name.EndsWith(".skills", StringComparison.Ordinal) || name.EndsWith(".faded", StringComparison.Ordinal))
            throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(name)}' holds what is made of episodes: name the namespace of the episodes themselves, without the ending");
        if (MemoryPath.FaultOf($"{name}.skills/x") is { } fault) throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(name)}' cannot be a namespace of episodes: {fault}");
        return new PatternSpaces(name);
    }
}
