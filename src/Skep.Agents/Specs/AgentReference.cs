using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>How people name an agent: <c>researcher</c>, or <c>researcher@1.2</c> for a version that begins so.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="Version">The version that is meant; null: any.</param>
public sealed record AgentReference(string Name, AgentVersion? Version)
{
    /// <summary>Reads a reference; false when the part behind <c>@</c> is no version.</summary>
    public static bool TryParse(string text, out AgentReference reference)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        reference = new AgentReference(at < 0 ? text : text[..at], null);
        if (at < 0) return true;
        if (!AgentVersion.TryParse(text[(at + 1)..], out var version)) return false;
        reference = reference with { Version = version };
        return true;
    }

    /// <summary>Whether a spec is one that is meant. A spec without a version is meant only where none is asked for.</summary>
    public bool Means(AgentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Id == Name && (Version is not { } version || (spec.Version is { } given && version.Means(given)));
    }

    /// <inheritdoc />
    public override string ToString() => Version is { } version ? $"{Name}@{version}" : Name;
}
