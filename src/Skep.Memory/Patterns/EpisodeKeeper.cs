using Skep.Memory.Patterns.Causes;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Patterns;

/// <summary>What is computed over all episodes of a namespace: causal notes, and consolidation. Thread-safe.</summary>
public sealed class EpisodeKeeper(MemoryStore memory)
{
    /// <summary>Computes causal notes from what is recorded now; nothing is stored.</summary>
    /// <exception cref="MemoryException">The options make no sense.</exception>
    public CausalReport Causes(PatternSpaces spaces, CauseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        var reader = new PatternReader(memory);
        var report = CausalNotes.Of(reader.Episodes(spaces).Concat(reader.Faded(spaces)).Select(static s => s.Value), options);
        return report with { Notes = [.. report.Notes, .. reader.Notes] };
    }

    /// <summary>Merges and drops episodes, in one transaction: all of the plan or, when somebody changed an episode meanwhile, a new plan.</summary>
    /// <param name="spaces">Where.</param>
    /// <param name="options">What to merge and what to drop.</param>
    /// <param name="isDryRun">Only tells what it would do.</param>
    /// <param name="cancel">Works as long as the write waits for its turn.</param>
    /// <exception cref="MemoryException">The options make no sense, or others changed the episodes meanwhile again and again.</exception>
    public Task<ConsolidationPlan> ConsolidateAsync(PatternSpaces spaces, ConsolidateOptions? options = null, bool isDryRun = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        return Retried.RunAsync(() => ConsolidateOnceAsync(spaces, options, isDryRun, cancel));
    }

    private async Task<ConsolidationPlan> ConsolidateOnceAsync(PatternSpaces spaces, ConsolidateOptions? options, bool isDryRun, CancellationToken cancel)
    {
        var reader = new PatternReader(memory);
        var episodes = reader.Episodes(spaces).ToDictionary(static s => s.Value.Id, StringComparer.Ordinal);
        var faded = reader.Faded(spaces).ToDictionary(static s => s.Value.Id, StringComparer.Ordinal);
        // Also what was never distilled: what would be a skill now is not dropped first.
        var evidence = SkillDistiller.Evidence(reader.Skills(spaces).Select(static s => s.Value), episodes.Values.Concat(faded.Values).Select(static s => s.Value));
        var plan = Consolidator.Plan([.. episodes.Values.Select(static s => s.Value)], [.. faded.Values.Select(static s => s.Value)], evidence, memory.Clock, options);
        plan = plan with { Notes = [.. plan.Notes, .. reader.Notes] };
        if (isDryRun || plan.Removed.Count + plan.RemovedFaded.Count == 0) return plan;
        List<StoreRequest> stores = [.. plan.Stored.Select(e => EpisodeBook.RequestOf(spaces.Episodes, e, episodes[e.Id].Entry.Version)), .. plan.Faded.Select(e => EpisodeBook.RequestOf(spaces.Faded, e, faded.TryGetValue(e.Id, out var there) ? there.Entry.Version : 0))];
        List<MemoryEntry> gone = [.. plan.Removed.Select(id => episodes[id].Entry), .. plan.RemovedFaded.Select(id => faded[id].Entry)];
        await memory.ChangeTogetherAsync(stores, gone, cancel);
        return plan with { Applied = true };
    }
}

/// <summary>Work that is done anew when somebody else was faster.</summary>
internal static class Retried
{
    /// <summary>Times before it gives up.</summary>
    private const int Most = 5;

    internal static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (MemoryException e) when (e.Fault == MemoryFault.Conflict && attempt < Most)
            {
                // The next one reads what was written meanwhile.
            }
        }
    }
}
