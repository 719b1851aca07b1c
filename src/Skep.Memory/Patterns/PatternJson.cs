using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory.Patterns.Causes;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Patterns;

/// <summary>Generated JSON code for what is stored and told about episodes. Members that a newer version adds are passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Episode))]
[JsonSerializable(typeof(RecordedEpisode))]
[JsonSerializable(typeof(FoundEpisodes))]
[JsonSerializable(typeof(EpisodePage))]
[JsonSerializable(typeof(Advice))]
[JsonSerializable(typeof(Skill))]
[JsonSerializable(typeof(SkillPage))]
[JsonSerializable(typeof(Distillation))]
[JsonSerializable(typeof(CausalReport))]
[JsonSerializable(typeof(ConsolidationPlan))]
public sealed partial class PatternJson : JsonSerializerContext
{
    /// <summary>Letters stay letters, so that full text finds them.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as it is stored: the same value gives the same bytes.</summary>
    internal static byte[] Bytes<T>(T value, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable)) JsonSerializer.Serialize(writer, value, type);
        return buffer.ToArray();
    }
}
