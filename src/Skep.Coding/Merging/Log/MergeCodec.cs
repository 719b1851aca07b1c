using System.Text.Json;
using System.Text.Json.Serialization;

namespace Skep.Coding.Merging;

/// <summary>Turns events of merge queues into JSON and back.</summary>
internal static class MergeCodec
{
    public static string Encode(MergeEvent recorded) => JsonSerializer.Serialize(recorded, MergeJson.Default.MergeEvent);

    /// <exception cref="MergeLogException">It cannot be read.</exception>
    public static MergeEvent Decode(long seq, string data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, MergeJson.Default.MergeEvent) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new MergeLogException($"event {seq} of the merge queue cannot be read: {e.Message}; a newer version of skep may have written it", e);
        }
    }
}

/// <summary>Generated JSON code for events of merge queues.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MergeEvent))]
internal sealed partial class MergeJson : JsonSerializerContext;
