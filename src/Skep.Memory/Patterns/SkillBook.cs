using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Patterns;

/// <summary>Skills in a memory: one entry each, distilled from the episodes beside them. Thread-safe.</summary>
public sealed class SkillBook(MemoryStore memory, MemorySearch search)
{
    /// <summary>Most skills of one answer.</summary>
    public const int MaxPage = 200;

    /// <summary>After which time the entry of a retired skill is gone.</summary>
    public static TimeSpan RetiredFor { get; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Distils: stores the skills that the episodes support and retires those that they no longer do, in one transaction. Distilling again without new episodes writes nothing.
    /// </summary>
    /// <param name="spaces">Where.</param>
    /// <param name="options">From when on a repeated success is a skill.</param>
    /// <param name="isDryRun">Only tells what it would do.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">The options make no sense, or others changed the skills meanwhile again and again.</exception>
    public Task<Distillation> DistillAsync(PatternSpaces spaces, DistillOptions? options = null, bool isDryRun = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        return Retried.RunAsync(() => DistillOnceAsync(spaces, options, isDryRun, cancel));
    }

    /// <summary>Lists the skills, best supported first.</summary>
    /// <param name="spaces">Where.</param>
    /// <param name="kind">Only of this kind; null for all.</param>
    /// <param name="withRetired">Whether to list those that were retired, too.</param>
    /// <param name="limit">Most skills, up to <see cref="MaxPage"/>.</param>
    /// <exception cref="MemoryException">The kind or the limit makes no sense.</exception>
    public SkillPage List(PatternSpaces spaces, string? kind = null, bool withRetired = false, int limit = 100)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        Require(kind, limit);
        var reader = new PatternReader(memory);
        var skills = reader.Skills(spaces).Select(static s => s.Value).Where(s => (withRetired || s.Status == SkillStatus.Living) && (kind is null || s.Kind == kind))
            .OrderBy(static s => s.Status).ThenByDescending(static s => s.Low).ThenByDescending(static s => s.Successes).ThenBy(static s => s.Id, StringComparer.Ordinal).ToList();
        return new SkillPage([.. skills.Take(limit)], [.. reader.Notes, .. skills.Count > limit ? (IReadOnlyList<string>)[$"{skills.Count - limit} more skills are not shown"] : []]);
    }

    /// <summary>Finds living skills for a task: the most similar first.</summary>
    /// <param name="spaces">Where.</param>
    /// <param name="task">What is to be done.</param>
    /// <param name="kind">Only of this kind; null for all.</param>
    /// <param name="limit">Most skills, up to <see cref="MaxPage"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MemoryException">The task, the kind or the limit makes no sense.</exception>
    public async Task<SkillPage> FindAsync(PatternSpaces spaces, string task, string? kind = null, int limit = 10, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        Require(kind, limit);
        var filter = $"namespace = {EpisodeQuery.Quoted(spaces.Skills)} and tags has \"living\"{(kind is null ? "" : $" and tags has {EpisodeQuery.Quoted(EpisodeTags.OfKind(kind))}")}";
        var result = await search.FindAsync(new FindRequest { Text = task, Filter = filter, Prefix = $"{spaces.Skills}/", K = limit, WithValues = true }, null, cancel);
        var reader = new PatternReader(memory);
        return new SkillPage([.. result.Entries.Select(e => reader.SkillOf(e.Entry)).OfType<Skill>()], [.. result.Notes, .. reader.Notes]);
    }

    private async Task<Distillation> DistillOnceAsync(PatternSpaces spaces, DistillOptions? options, bool isDryRun, CancellationToken cancel)
    {
        var reader = new PatternReader(memory);
        List<Episode> episodes = [.. reader.Episodes(spaces).Concat(reader.Faded(spaces)).Select(static s => s.Value)];
        var before = reader.Skills(spaces).ToDictionary(static s => s.Value.Id, StringComparer.Ordinal);
        var after = SkillDistiller.Revise(before.Values.Select(static s => s.Value), episodes, options);
        bool Lived(Skill skill) => before.TryGetValue(skill.Id, out var there) && there.Value.Status == SkillStatus.Living;
        var living = after.Where(static s => s.Status == SkillStatus.Living).ToList();
        List<StoreRequest> writes = [.. after.Select(s => RequestOf(spaces, s, before.TryGetValue(s.Id, out var there) ? there.Entry : null)).OfType<StoreRequest>()];
        if (!isDryRun && writes.Count > 0) await memory.ChangeTogetherAsync(writes, [], cancel);
        return new Distillation(living, living.Count(s => !Lived(s)), [.. after.Where(s => s.Status == SkillStatus.Retired && Lived(s))], writes.Count, episodes.Sum(static e => e.Count), reader.Notes);
    }

    /// <summary>The request that stores a skill; null when it is there as it is.</summary>
    private static StoreRequest? RequestOf(PatternSpaces spaces, Skill skill, MemoryEntry? there)
    {
        var bytes = PatternJson.Bytes(skill, PatternJson.Default.Skill);
        if (there?.Value is { } value && value.Span.SequenceEqual(bytes)) return null;
        var state = skill.Status == SkillStatus.Living ? "living" : "retired";
        return new StoreRequest($"{spaces.Skills}/{skill.Id}", bytes)
        {
            ContentType = MemoryContentType.Json, Tags = skill.Kind is { } kind ? [state, EpisodeTags.OfKind(kind)] : [state], ExpectedVersion = there?.Version ?? 0,
            Ttl = skill.Status == SkillStatus.Living ? null : RetiredFor,
        };
    }

    private static void Require(string? kind, int limit)
    {
        if (EpisodeCheck.KindFault(kind) is { } fault) throw new MemoryException(MemoryFault.InvalidRequest, fault);
        if (limit is < 1 or > MaxPage) throw new MemoryException(MemoryFault.InvalidRequest, $"{limit} cannot be the most skills of an answer: give 1 to {MaxPage}");
    }
}
