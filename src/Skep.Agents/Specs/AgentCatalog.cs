using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>An agent that was found.</summary>
/// <param name="Spec">Its spec.</param>
/// <param name="Source">Where: the file's path for people, or the plan.</param>
/// <param name="Rank">Place of its folder in the order of precedence, from 0.</param>
public sealed record AgentEntry(AgentSpec Spec, string Source, int Rank)
{
    /// <summary>The file, or null for an agent of a plan.</summary>
    public AgentFile? File { get; init; }

    /// <summary>Full path of the file, or null for an agent of a plan.</summary>
    public string? Path { get; init; }

    /// <summary>Where the agent of the same name stands that is taken instead of this one; null when this one is.</summary>
    public string? ShadowedBy { get; init; }

    /// <summary>What was found while the file was read.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];
}

/// <summary>The agents that were found, by precedence, then name, then version, newest first.</summary>
/// <param name="Entries">All of them, those that are shadowed included.</param>
/// <param name="Problems">What could not be used, and why: one sentence each.</param>
public sealed record AgentCatalog(IReadOnlyList<AgentEntry> Entries, IReadOnlyList<string> Problems)
{
    /// <summary>Those that names mean.</summary>
    public IEnumerable<AgentEntry> Usable => Entries.Where(e => e.ShadowedBy is null);

    /// <summary>Puts a catalog in order and marks what is shadowed: of one name the nearest folder counts, and there the highest version.</summary>
    public static AgentCatalog Of(IEnumerable<AgentEntry> entries, IReadOnlyList<string> problems)
    {
        var sorted = entries.OrderBy(e => e.Rank).ThenBy(e => e.Spec.Id, StringComparer.Ordinal).ThenByDescending(e => e.Spec.Version).ThenBy(e => e.Source, StringComparer.Ordinal).ToList();
        var first = new Dictionary<string, AgentEntry>(StringComparer.Ordinal);
        foreach (var entry in sorted) first.TryAdd(entry.Spec.Id, entry);
        return new AgentCatalog([.. sorted.Select(e => first[e.Spec.Id] is var best && ReferenceEquals(best, e) ? e : e with { ShadowedBy = best.Source })], problems);
    }

    /// <summary>The agent that a reference means: in the nearest folder that has one, the highest version. Null when there is none.</summary>
    public AgentEntry? Find(AgentReference reference) => Entries.FirstOrDefault(e => reference.Means(e.Spec));

    /// <summary>The agent that a reference means.</summary>
    /// <exception cref="AgentFileException">There is none; the message says which there are.</exception>
    public AgentEntry Require(string text)
    {
        if (!AgentReference.TryParse(text, out var reference)) throw new AgentFileException($"'{text}' is no agent: behind '@' stands a version such as {reference.Name}@1 or {reference.Name}@1.2");
        if (Find(reference) is { } found) return found;
        var versions = Entries.Where(e => e.Spec.Id == reference.Name).ToList();
        if (versions.Count > 0)
            throw new AgentFileException($"there is no version {reference.Version} of agent '{reference.Name}'; there {(versions.Count == 1 ? "is" : "are")} {string.Join(", ", versions.Take(10).Select(v => v.Spec.Version is { } has ? has.ToString() : $"one without a version ({v.Source})"))}");
        var names = Usable.Select(e => e.Spec.Id).Distinct().ToList();
        throw new AgentFileException($"there is no agent '{reference.Name}'; {Suggestion.Hint(reference.Name, names, "agents")} ('skep agents list' shows where they are looked for)");
    }
}
