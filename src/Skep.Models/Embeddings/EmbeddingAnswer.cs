using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Wire;

namespace Skep.Models.Embeddings;

/// <summary>Reads an answer of <c>/v1/embeddings</c>: <c>{"data": [{"index": 0, "embedding": […]}, …], "model": "…", "usage": {"prompt_tokens": n}}</c>, in any order of its items.</summary>
internal static class EmbeddingAnswer
{
    /// <summary>The vectors in the order of the texts.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">It is not what the format says; the message says how.</exception>
    public static GeneratedEmbeddings<Embedding<float>> Read(ReadOnlyMemory<byte> body, int count, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (!root.Has("data"u8, out var data) || data.ValueKind != JsonValueKind.Array) throw new InvalidOperationException("it has no list 'data'");
        if (data.GetArrayLength() != count) throw new InvalidOperationException($"{data.GetArrayLength()} vectors came for {count} texts");
        var model = root.Text("model"u8);
        var vectors = new Embedding<float>?[count];
        var at = 0;
        foreach (var item in data.EnumerateArray())
        {
            // Servers that give no index keep the order.
            var index = item.Number("index"u8) ?? at;
            if (index < 0 || index >= count || vectors[index] is not null) throw new InvalidOperationException($"index {index} is there twice, or beyond the {count} texts");
            vectors[index] = new(Vector(item, index)) { ModelId = model, CreatedAt = now };
            at++;
        }

        return new(vectors!) { Usage = root.Has("usage"u8, out var usage) ? Usage(usage) : null };
    }

    private static float[] Vector(JsonElement item, long index)
    {
        if (!item.Has("embedding"u8, out var numbers) || numbers.ValueKind != JsonValueKind.Array) throw new InvalidOperationException($"item {index} has no list 'embedding'");
        var vector = new float[numbers.GetArrayLength()];
        var at = 0;
        foreach (var number in numbers.EnumerateArray()) vector[at++] = number.GetSingle();
        return Array.TrueForAll(vector, float.IsFinite) ? vector : throw new InvalidOperationException($"vector {index} has numbers that are not finite");
    }

    private static UsageDetails Usage(JsonElement usage) => new()
    {
        InputTokenCount = usage.Number("prompt_tokens"u8) ?? 0,
        OutputTokenCount = 0,
        TotalTokenCount = usage.Number("total_tokens"u8) ?? usage.Number("prompt_tokens"u8) ?? 0,
    };
}
