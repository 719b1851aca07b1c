using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Patterns;

/// <summary>An entry that was read, as what it stands for.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Value">What it stands for.</param>
internal readonly record struct Stored<T>(MemoryEntry Entry, T Value);

/// <summary>Reads episodes, counts and skills from a memory. What is none is passed over and noted: anybody may write into these namespaces.</summary>
internal sealed class PatternReader(MemoryStore memory)
{
    /// <summary>Entries that are named when they are passed over.</summary>
    private const int MaxNamed = 3;

    private readonly List<string> _bad = [];

    /// <summary>What was passed over.</summary>
    internal IReadOnlyList<string> Notes =>
        _bad.Count == 0 ? [] : [$"{_bad.Count} entries were passed over: {string.Join("; ", _bad.Take(MaxNamed))}{(_bad.Count > MaxNamed ? "; …" : "")}"];

    internal List<Stored<Episode>> Episodes(PatternSpaces spaces) => All(spaces.Episodes, PatternLimits.MaxEpisodes, EpisodeOf, "skep memory consolidate");

    internal List<Stored<Episode>> Faded(PatternSpaces spaces) => All(spaces.Faded, 2 * PatternLimits.MaxFaded, EpisodeOf, "skep memory consolidate");

    internal List<Stored<Skill>> Skills(PatternSpaces spaces) => All(spaces.Skills, 4 * PatternLimits.MaxSkills, SkillOf, "skep memory delete of those that are retired");

    /// <summary>An entry's episode; null when it is none.</summary>
    internal Episode? EpisodeOf(MemoryEntry entry)
    {
        if (Read(entry, PatternJson.Default.Episode) is not { } read) return null;
        var episode = Whole(read, entry.Author);
        if (EpisodeCheck.FaultOf(episode) is { } fault) return Bad<Episode>(entry, fault);
        return episode.Id == KeyOf(entry) ? episode : Bad<Episode>(entry, "its id is not its key");
    }

    /// <summary>An entry's skill; null when it is none.</summary>
    internal Skill? SkillOf(MemoryEntry entry)
    {
        var skill = Read(entry, PatternJson.Default.Skill);
        if (skill is null) return null;
        return skill.Id == KeyOf(entry) && skill.Actions is not null && skill.Supporting is not null && skill.Contradicting is not null ? skill : Bad<Skill>(entry, "it is no skill of that name");
    }

    private List<Stored<T>> All<T>(string space, int most, Func<MemoryEntry, T?> read, string remedy) where T : class
    {
        var (all, after) = (new List<Stored<T>>(), (string?)null);
        do
        {
            var page = memory.List($"{space}/", after, MemoryLimits.MaxPage, withValues: true);
            foreach (var entry in page.Entries.Where(e => MemoryPath.NamespaceOf(e.Path) == space))
            {
                if (read(entry) is { } value) all.Add(new Stored<T>(entry, value));
                if (all.Count > most) throw new MemoryException(MemoryFault.Full, $"'{space}' holds more than {most} entries, which is the most that are computed with: {remedy} makes them fewer");
            }

            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>
    /// What the JSON does not have: generated code leaves null and zero, whatever a member begins with. An older version may have written it, or somebody by hand.
    /// </summary>
    private static Episode Whole(Episode read, MemoryAuthor author) => read with
    {
        Id = read.Id ?? "", Task = read.Task ?? "", Actions = read.Actions ?? [], Tags = read.Tags ?? [], Effects = read.Effects ?? [], Merged = read.Merged ?? [], By = author,
        Count = read.Count == 0 ? 1 : read.Count,
    };

    private T? Read<T>(MemoryEntry entry, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(entry.Value!.Value.Span, type) ?? Bad<T>(entry, "it is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Bad<T>(entry, "it is not the JSON of one");
        }
    }

    private T? Bad<T>(MemoryEntry entry, string why) where T : class
    {
        _bad.Add($"{entry.Path}: {why}");
        return null;
    }

    private static string KeyOf(MemoryEntry entry) => entry.Path[(entry.Path.LastIndexOf('/') + 1)..];
}
