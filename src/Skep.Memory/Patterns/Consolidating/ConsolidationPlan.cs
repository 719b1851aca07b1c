using System.Text.Json.Serialization;

namespace Skep.Memory.Patterns.Consolidating;

/// <summary>Episodes that are told in nearly the same words and counted alike become one.</summary>
/// <param name="Into">The earliest of them, which stays, with the count of all.</param>
/// <param name="Ids">The others.</param>
/// <param name="Count">How many tries it then stands for.</param>
public sealed record Merge(string Into, IReadOnlyList<string> Ids, long Count);

/// <summary>An episode that is forgotten; its counts are kept.</summary>
/// <param name="Id">Which.</param>
/// <param name="Value">What it was worth.</param>
/// <param name="Reason">Why it goes.</param>
public sealed record Drop(string Id, double Value, string Reason);

/// <summary>What a consolidation does, or would do.</summary>
public sealed record ConsolidationPlan
{
    /// <summary>What is merged.</summary>
    public required IReadOnlyList<Merge> Merges { get; init; }

    /// <summary>What is dropped, the least valuable first.</summary>
    public required IReadOnlyList<Drop> Drops { get; init; }

    /// <summary>How many episodes are merged into others.</summary>
    public int Merged => Merges.Sum(static m => m.Ids.Count);

    /// <summary>How many are dropped.</summary>
    public int Dropped => Drops.Count;

    /// <summary>Episodes before.</summary>
    public required int Before { get; init; }

    /// <summary>Episodes after.</summary>
    public required int After { get; init; }

    /// <summary>Of those, how many stay because a living skill rests on them, whatever they are worth.</summary>
    public required int Evidence { get; init; }

    /// <summary>What else to know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether it was carried out.</summary>
    public bool Applied { get; init; }

    /// <summary>Episodes as they are written anew.</summary>
    [JsonIgnore]
    public IReadOnlyList<Episode> Stored { get; init; } = [];

    /// <summary>Ids of episodes that go.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Counts of forgotten episodes, as they are written anew.</summary>
    [JsonIgnore]
    public IReadOnlyList<Episode> Faded { get; init; } = [];

    /// <summary>Ids of such counts that go, because there are too many.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> RemovedFaded { get; init; } = [];
}
