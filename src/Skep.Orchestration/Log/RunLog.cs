using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>One run's log in the store: appends what the queen decided, and folds what is there.</summary>
internal sealed class RunLog(IEventLog store, string run, int? snapshotEvery = null)
{
    /// <summary>
    /// Fewest events between two snapshots. Folding takes two microseconds an event, and reading a snapshot about as long per node as folding the
    /// three events that made it: only a log that is much longer than its plan gains by one.
    /// </summary>
    public const int MinSnapshotEvery = 50_000;

    /// <summary>Fewest events per node between two snapshots.</summary>
    public const int MinSnapshotEventsPerNode = 8;

    /// <summary>Longest time for which the summary in lists may lag behind.</summary>
    private static readonly TimeSpan SummaryEvery = TimeSpan.FromSeconds(1);

    private long _seq;
    private long _snapshotSeq;
    private DateTimeOffset _summaryAt;
    private RunStatus _summaryStatus;

    /// <summary>Folds the log of a run, from its snapshot where there is one.</summary>
    /// <exception cref="RunLogException">The log cannot be read or does not fit the plan.</exception>
    public static (RunState State, RunLog Log) Load(IEventLog store, string run, Plan plan, bool useSnapshot = true, int? snapshotEvery = null)
    {
        var log = new RunLog(store, run, snapshotEvery);
        var state = useSnapshot && store.ReadSnapshot(run) is { } snapshot ? SnapshotCodec.Restore(plan, snapshot) : null;
        log._snapshotSeq = state?.Seq ?? 0;
        state ??= RunState.For(plan);
        foreach (var stored in store.Read(run, state.Seq + 1))
        {
            if (stored.Seq != state.Seq + 1) throw new RunLogException($"the log of run {run} jumps from event {state.Seq} to {stored.Seq}");
            var recorded = EventCodec.Decode(stored);
            Queen.Apply(state, recorded.Event, recorded.At);
        }

        log._seq = state.Seq;
        return (state, log);
    }

    /// <summary>Makes the durable ones of the events durable, and returns all of them with their numbers.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> AppendAsync(RunState state, IReadOnlyList<RunEvent> events, DateTimeOffset now)
    {
        var recorded = new List<RecordedEvent>(events.Count);
        var durable = new List<NewEvent>(events.Count);
        var blobs = new List<string>();
        foreach (var e in events)
        {
            if (e.IsDurable)
            {
                durable.Add(EventCodec.Encode(e, now));
                CollectBlobs(e, blobs);
            }

            recorded.Add(new RecordedEvent(e.IsDurable ? _seq + durable.Count : 0, now, e));
        }

        if (durable.Count > 0) await AppendAsync(state, durable, blobs, now);
        return recorded;
    }

    private async Task AppendAsync(RunState state, List<NewEvent> durable, List<string> blobs, DateTimeOffset now)
    {
        var last = _seq + durable.Count;
        var snapshot = last - _snapshotSeq >= (snapshotEvery ?? Math.Max(MinSnapshotEvery, MinSnapshotEventsPerNode * state.Nodes.Count));
        var summary = state.Status != _summaryStatus || now - _summaryAt >= SummaryEvery;
        var expected = _seq;
        await store.AppendAsync(new Append(run, expected, durable)
        {
            BlobRefs = blobs,
            Snapshot = snapshot ? SnapshotCodec.TakeChanges(state) : null,
            SnapshotVersion = SnapshotCodec.Version,
            // The cast matters: a null array would become an empty summary that replaces the last one.
            Summary = summary ? SummaryOf(state).Encode() : (ReadOnlyMemory<byte>?)null,
        });
        _seq = last;
        if (snapshot) _snapshotSeq = last;
        if (summary) (_summaryAt, _summaryStatus) = (now, state.Status);
    }

    private static void CollectBlobs(RunEvent e, List<string> blobs)
    {
        if (e is RunStarted started) blobs.Add(started.PlanHash);
        else if (e is AttemptEnded { Result.Artifacts: { Count: > 0 } artifacts }) blobs.AddRange(artifacts.Select(a => a.Sha256));
    }

    private static RunSummary SummaryOf(RunState state) => new()
    {
        Run = state.Info!.Run,
        Plan = state.Info.Plan,
        PlanHash = state.Info.PlanHash,
        Status = state.Status,
        StartedAt = state.StartedAt,
        EndedAt = state.EndedAt,
        Total = state.WorkTotal,
        Settled = state.WorkSettled,
        Failed = state.WorkFailed,
        MaxConcurrency = state.MaxConcurrency,
    };
}
