using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>
/// Turns events into payloads and back. Each type has a name and a version; a payload of an older version is upgraded step by step, as
/// JSON, before it is read. Payloads of a newer version are refused: guessing would corrupt the run.
/// </summary>
public static class EventCodec
{
    private static readonly EventJson Json = EventJson.Default;

    private static readonly Entry[] Entries =
    [
        new("run-started", typeof(RunStarted), Json.RunStarted),
        new("run-recovered", typeof(RunRecovered), Json.RunRecovered),
        new("run-paused", typeof(RunPaused), Json.RunPaused),
        new("run-continued", typeof(RunContinued), Json.RunContinued),
        new("run-stopping", typeof(RunStopping), Json.RunStopping),
        new("run-ended", typeof(RunEnded), Json.RunEnded),
        new("phase-started", typeof(PhaseStarted), Json.PhaseStarted),
        new("phase-ended", typeof(PhaseEnded), Json.PhaseEnded),
        new("task-ready", typeof(TaskReady), Json.TaskReady),
        new("task-fanned-out", typeof(TaskFannedOut), Json.TaskFannedOut),
        new("tasks-skipped", typeof(TasksSkipped), Json.TasksSkipped),
        new("task-settled", typeof(TaskSettled), Json.TaskSettled),
        new("task-assigned", typeof(TaskAssigned), Json.TaskAssigned),
        new("task-paused", typeof(TaskPaused), Json.TaskPaused),
        new("task-continued", typeof(TaskContinued), Json.TaskContinued),
        new("tasks-reset", typeof(TasksReset), Json.TasksReset),
        new("tasks-admitted", typeof(TasksAdmitted), Json.TasksAdmitted),
        new("attempt-started", typeof(AttemptStarted), Json.AttemptStarted),
        new("attempt-stop-requested", typeof(AttemptStopRequested), Json.AttemptStopRequested),
        new("attempt-ended", typeof(AttemptEnded), Json.AttemptEnded),
        new("answer-ignored", typeof(AnswerIgnored), Json.AnswerIgnored),
        new("human-answered", typeof(HumanAnswered), Json.HumanAnswered),
        new("gate-voted", typeof(GateVoted), Json.GateVoted),
        new("gate-waived", typeof(GateWaived), Json.GateWaived),
        new("metric-reported", typeof(MetricReported), Json.MetricReported),
        new("attempt-waits", typeof(AttemptWaits), Json.AttemptWaits),
        new("usage-reported", typeof(UsageReported), Json.UsageReported),
        new("hook-ran", typeof(HookRan), Json.HookRan),
        new("run-admitted", typeof(RunAdmitted), Json.RunAdmitted),
        new("memory-stored", typeof(MemoryStored), Json.MemoryStored),
        new("work-ended", typeof(WorkEnded), Json.WorkEnded),
        new("agents-spawned", typeof(AgentsSpawned), Json.AgentsSpawned),
        new("agent-draining", typeof(AgentDraining), Json.AgentDraining),
        new("agent-retired", typeof(AgentRetired), Json.AgentRetired),
        new("tier-dropped", typeof(TierDropped), Json.TierDropped),
        new("lease-renewed", typeof(LeaseRenewed), Json.LeaseRenewed),
        new("progress", typeof(ProgressReported), Json.ProgressReported),
        new("backoff-over", typeof(BackoffOver), Json.BackoffOver),
    ];

    private static readonly Dictionary<Type, Entry> ByType = Entries.ToDictionary(e => e.Type);
    private static readonly Dictionary<string, Entry> ByName = Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>The name of an event's type: <c>attempt-ended</c>.</summary>
    public static string NameOf(RunEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return ByType[recorded.GetType()].Name;
    }

    /// <summary>Encodes an event for the log.</summary>
    public static NewEvent Encode(RunEvent recorded, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var entry = ByType[recorded.GetType()];
        return new NewEvent(entry.Name, entry.Version, at.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(recorded, entry.Info));
    }

    /// <summary>Writes an event's payload as a JSON object.</summary>
    public static void WritePayload(Utf8JsonWriter writer, RunEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        JsonSerializer.Serialize(writer, recorded, ByType[recorded.GetType()].Info);
    }

    /// <summary>Decodes an event of the log.</summary>
    /// <exception cref="RunLogException">Unknown type, newer version, or a payload that is not what it should be.</exception>
    public static RecordedEvent Decode(in StoredEvent stored) => Decode(stored, EventUpgrades.All);

    internal static RecordedEvent Decode(in StoredEvent stored, IReadOnlyDictionary<(string Type, int From), EventUpgrade> upgrades)
    {
        if (!ByName.TryGetValue(stored.Type, out var entry))
            throw new RunLogException($"event {stored.Seq} is of type '{stored.Type}', which this version of skep does not know; use the version that wrote it, or a newer one");
        if (stored.Version > entry.Version)
            throw new RunLogException($"event {stored.Seq} ('{stored.Type}') has version {stored.Version}; this version of skep reads up to {entry.Version}; use a newer one");
        try
        {
            var payload = EventUpgrades.Upgrade(stored.Type, stored.Version, entry.Version, stored.Payload, upgrades);
            var value = (RunEvent?)JsonSerializer.Deserialize(payload.Span, entry.Info);
            return new RecordedEvent(stored.Seq, DateTimeOffset.FromUnixTimeMilliseconds(stored.AtUnixMs), value ?? throw new JsonException("null"));
        }
        catch (JsonException e)
        {
            throw new RunLogException($"event {stored.Seq} ('{stored.Type}') cannot be read: {e.Message}", e);
        }
    }

    private sealed record Entry(string Name, Type Type, JsonTypeInfo Info, int Version = 1);
}
