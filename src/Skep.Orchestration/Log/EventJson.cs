using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>Generated JSON code for events and snapshots.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunRecovered))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(RunContinued))]
[JsonSerializable(typeof(RunStopping))]
[JsonSerializable(typeof(RunEnded))]
[JsonSerializable(typeof(PhaseStarted))]
[JsonSerializable(typeof(PhaseEnded))]
[JsonSerializable(typeof(TaskReady))]
[JsonSerializable(typeof(TaskFannedOut))]
[JsonSerializable(typeof(TasksSkipped))]
[JsonSerializable(typeof(TaskSettled))]
[JsonSerializable(typeof(TaskAssigned))]
[JsonSerializable(typeof(TaskPaused))]
[JsonSerializable(typeof(TaskContinued))]
[JsonSerializable(typeof(TasksReset))]
[JsonSerializable(typeof(TasksAdmitted))]
[JsonSerializable(typeof(AttemptStarted))]
[JsonSerializable(typeof(AttemptStopRequested))]
[JsonSerializable(typeof(AttemptEnded))]
[JsonSerializable(typeof(AnswerIgnored))]
[JsonSerializable(typeof(HumanAnswered))]
[JsonSerializable(typeof(GateVoted))]
[JsonSerializable(typeof(GateWaived))]
[JsonSerializable(typeof(MetricReported))]
[JsonSerializable(typeof(AttemptWaits))]
[JsonSerializable(typeof(UsageReported))]
[JsonSerializable(typeof(HookRan))]
[JsonSerializable(typeof(RunAdmitted))]
[JsonSerializable(typeof(MemoryStored))]
[JsonSerializable(typeof(WorkEnded))]
[JsonSerializable(typeof(TierDropped))]
[JsonSerializable(typeof(LeaseRenewed))]
[JsonSerializable(typeof(ProgressReported))]
[JsonSerializable(typeof(BackoffOver))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RunSnapshot))]
[JsonSerializable(typeof(NodeSnapshot))]
internal sealed partial class EventJson : JsonSerializerContext;
