using System.Text.Json.Nodes;

namespace Skep.Orchestration;

/// <summary>Turns the payload of one version into that of the next, in place.</summary>
internal delegate void EventUpgrade(JsonObject payload);

/// <summary>
/// The steps from older shapes of payloads to the present ones. A step is never changed once released; a change of an event's shape adds
/// a version to <see cref="EventCodec"/> and a step here.
/// </summary>
internal static class EventUpgrades
{
    /// <summary>The steps by event type and the version that they start from. Empty as long as every event has its first shape.</summary>
    public static IReadOnlyDictionary<(string Type, int From), EventUpgrade> All { get; } = new Dictionary<(string Type, int From), EventUpgrade>();

    public static ReadOnlyMemory<byte> Upgrade(
        string type,
        int from,
        int to,
        ReadOnlyMemory<byte> payload,
        IReadOnlyDictionary<(string Type, int From), EventUpgrade> steps)
    {
        if (from >= to) return payload;
        var json = JsonNode.Parse(payload.Span) as JsonObject ?? throw new System.Text.Json.JsonException("not a JSON object");
        for (var version = from; version < to; version++)
            if (steps.TryGetValue((type, version), out var step)) step(json);
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
