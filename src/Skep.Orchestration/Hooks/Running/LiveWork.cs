using System.Collections.Concurrent;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What is at work in all runs of a host.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle nobody asks for holds nothing that must be given back
internal sealed class LiveWork : ILiveWork
#pragma warning restore CA1001
{
    /// <summary>Most reports whose hooks run at once; others wait for their turn.</summary>
    public const int MaxAtOnce = 8;

    private readonly ConcurrentDictionary<string, RunWork> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(MaxAtOnce);

    /// <inheritdoc />
    public IReadOnlyList<LiveTask> Tasks => [.. _runs.Values.SelectMany(r => r.Attempts).Select(a => a.Task)];

    public RunWork Add(RunWork run) => _runs[run.RunId] = run;

    public void Remove(RunWork run) => _runs.TryRemove(KeyValuePair.Create(run.RunId, run));

    /// <inheritdoc />
    /// <remarks>
    /// What happens around tasks and runs is the shell's own to know, so nobody can report that. A hook does not hear of what it reports
    /// itself (its environment says which event it serves), or it would call itself without end.
    /// </remarks>
    public async Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(occasion);
        if (IsOwn(occasion.Event) || occasion.Environment.GetValueOrDefault("SKEP_HOOK") == occasion.Event) return [];
        var runs = occasion.Run is { } id ? _runs.TryGetValue(id, out var run) ? [run] : [] : _runs.Values.ToList();
        if (runs.Count == 0) return [];
        await _turns.WaitAsync(cancel);
        try
        {
            var outcomes = new List<HookOutcome>();
            foreach (var one in runs) outcomes.AddRange(await one.FireAsync(occasion, cancel));
            return outcomes;
        }
        finally
        {
            _turns.Release();
        }
    }

    private static bool IsOwn(string on) => on is HookEvents.PreRun or HookEvents.PostRun or HookEvents.PreTask or HookEvents.DuringTask or HookEvents.PostTask;
}
