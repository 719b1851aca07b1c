using System.Text.Json;
using System.Text.Json.Serialization;

namespace Skep.Agents.Queries;

/// <summary>Turns events of queries into JSON and back.</summary>
internal static class QueryCodec
{
    public static string Encode(QueryEvent recorded) => JsonSerializer.Serialize(recorded, QueryJson.Default.QueryEvent);

    /// <exception cref="QueryLogException">It cannot be read.</exception>
    public static QueryEvent Decode(long seq, string data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, QueryJson.Default.QueryEvent) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new QueryLogException($"event {seq} of the query cannot be read: {e.Message}; a newer version of skep may have written it", e);
        }
    }
}

/// <summary>Generated JSON code for events of queries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueryEvent))]
internal sealed partial class QueryJson : JsonSerializerContext;
