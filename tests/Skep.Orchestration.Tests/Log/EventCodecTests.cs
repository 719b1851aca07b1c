using System.Text;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Log;

public sealed class EventCodecTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    public static TheoryData<RunEvent> Samples => new(
        new RunStarted("r", "p", "h", null, "/w", "/p", "/r", new Dictionary<string, string> { ["x"] = "1" }, new Dictionary<string, string>(), 3, ulong.MaxValue, "1.0"),
        new TaskAssigned("shard[3]", 2, "worker"),
        new AttemptStarted("a", 1, "worker-1"),
        new AttemptEnded("a", 1, new AttemptResult { Outcome = AttemptOutcome.Succeeded, ExitCode = 0, LogTail = "ü\u0001", Outputs = new Dictionary<string, string> { ["k"] = "v" }, Artifacts = [new Artifact("f", "00", 3)] }, TaskStatus.Succeeded, null),
        new AttemptEnded("a", 1, AttemptResult.Failure("broke", retryable: false), null, At),
        new TierDropped(Tier.Nice, "wall", "short", ["a", "b"]),
        new TasksSkipped(["a"], SkipCause.Upstream, "needs b"),
        new MetricReported("m", 1.5e-300, null),
        new AttemptWaits("a", 1, true),
        new UsageReported("a", 1, new AttemptUsage(120, 0.25, 3)),
        new GateVoted("gate/ok", 2, "security", "ann", false, "no"),
        new GateWaived("gate/ok", "ann", "because"),
        new AgentsSpawned("a", ["a-3", "a-4"], "ann", "id"),
        new AgentDraining("a-3", "ann"),
        new AgentRetired("a-3", "drained"),
        new RunEnded(RunStatus.Failed, "x", true));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Events_survive_the_log(RunEvent e)
    {
        var encoded = EventCodec.Encode(e, At);
        var decoded = EventCodec.Decode(new StoredEvent(7, encoded.Type, encoded.Version, encoded.AtUnixMs, encoded.Payload));
        Assert.Equal((7, At), (decoded.Seq, decoded.At));
        Assert.Equal(Encoding.UTF8.GetString(encoded.Payload.Span), Encoding.UTF8.GetString(EventCodec.Encode(decoded.Event, At).Payload.Span));
    }

    [Theory]
    [InlineData("no-such-type", 1, "{}", "does not know")]
    [InlineData("run-paused", 2, "{}", "version 2; this version of skep reads up to 1")]
    [InlineData("run-paused", 1, "{", "cannot be read")]
    [InlineData("run-paused", 1, "null", "cannot be read")]
    [InlineData("run-paused", 1, "[]", "cannot be read")]
    public void What_cannot_be_read_is_refused_with_number_and_reason(string type, int version, string payload, string reason)
    {
        var e = Assert.Throws<RunLogException>(() => EventCodec.Decode(new StoredEvent(12, type, version, 0, Encoding.UTF8.GetBytes(payload))));
        Assert.Contains("event 12", e.Message);
        Assert.Contains(reason, e.Message);
    }

    [Fact]
    public void Older_payloads_are_upgraded_step_by_step()
    {
        var steps = new Dictionary<(string Type, int From), EventUpgrade>
        {
            [("run-paused", -1)] = p => p["who"] = p["user"]!.DeepClone(),
            [("run-paused", 0)] = p => p["by"] = p["who"]!.DeepClone(),
        };
        var old = new StoredEvent(1, "run-paused", -1, 0, """{"user":"ann"}"""u8.ToArray());
        Assert.Equal(new RunPaused("ann"), EventCodec.Decode(old, steps).Event);
    }
}
