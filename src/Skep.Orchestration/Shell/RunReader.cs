using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Reads runs: their plan, their state, their events. For whoever shows them.</summary>
public static class RunReader
{
    /// <summary>The folded state of a run.</summary>
    /// <exception cref="RunLogException">There is no such run, or its log or plan cannot be read.</exception>
    public static RunState Load(IEventLog store, BlobStore blobs, string runId) => LoadForWriting(store, blobs, runId).State;

    /// <summary>The events of a run, in order.</summary>
    /// <exception cref="RunLogException">An event cannot be read.</exception>
    public static IEnumerable<RecordedEvent> Events(IEventLog store, string runId, long fromSeq = 1)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var stored in store.Read(runId, fromSeq)) yield return EventCodec.Decode(stored);
    }

    /// <summary>Summaries of the runs of a folder, newest first. Runs whose summary cannot be read are left out.</summary>
    public static IReadOnlyList<RunSummary> List(IEventLog store, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(store);
        return [.. store.List(limit).Select(s => RunSummary.Decode(s.Summary)).OfType<RunSummary>()];
    }

    /// <summary>The text of the plan that a run follows.</summary>
    /// <exception cref="RunLogException">It cannot be read.</exception>
    public static string PlanText(IEventLog store, BlobStore blobs, string runId)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(blobs);
        var first = store.Read(runId, 1, 1).Select(e => EventCodec.Decode(e).Event).FirstOrDefault();
        if (first is not RunStarted started) throw new RunLogException($"there is no run '{runId}' in this folder; 'skep runs' lists them");
        try
        {
            using var reader = new StreamReader(blobs.OpenRead(started.PlanHash));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is StorageException or IOException)
        {
            throw new RunLogException($"the plan of run {runId} cannot be read: {e.Message}", e);
        }
    }

    internal static (RunState State, RunLog Log) LoadForWriting(IEventLog store, BlobStore blobs, string runId)
    {
        var text = PlanText(store, blobs, runId);
        var plan = PlanReader.Read(text).Plan
            ?? throw new RunLogException($"the plan of run {runId} is not valid for this version of skep; use the version that started the run");
        return RunLog.Load(store, runId, plan);
    }
}
