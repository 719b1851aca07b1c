using System.Text.Json;

namespace Skep.Testing.Wire.OpenAi;

/// <summary>A request of <c>/v1/embeddings</c>.</summary>
/// <param name="Asked">Who asks which model, and all texts as one message of the user, for limits.</param>
/// <param name="Texts">The texts.</param>
/// <param name="Dimensions">Numbers in a vector.</param>
internal sealed record EmbeddingRequest(ModelRequest Asked, IReadOnlyList<string> Texts, int Dimensions);

/// <summary>
/// <c>/v1/embeddings</c>, server side. The vectors are made up but not random: each word of a text adds to one dimension, so that equal texts have equal vectors and texts that share words
/// are nearer than others.
/// </summary>
internal static class OpenAiEmbeddings
{
    private const int DefaultDimensions = 64;
    private const int MaxDimensions = 4096;
    private const int MaxTexts = 2048;

    public static EmbeddingRequest Read(WireRequest request, string? agent)
    {
        using var document = JsonIn.Parse(request.Body) ?? throw WireRefusal.Invalid("We could not parse the JSON body of your request.");
        var body = document.RootElement;
        var texts = Texts(body);
        if (body.Text("encoding_format") is { } format && format != "float")
            throw WireRefusal.Invalid($"Invalid value: '{format}'. This server knows 'float' only.", "encoding_format", "invalid_value");
        var dimensions = body.Get("dimensions") is null ? DefaultDimensions : body.Whole("dimensions") ?? 0;
        if (dimensions is < 1 or > MaxDimensions) throw WireRefusal.Invalid($"Invalid value for 'dimensions': must be 1 to {MaxDimensions}.", "dimensions", "invalid_value");
        var asked = new ModelRequest
        {
            Wire = ModelWire.OpenAi,
            Model = body.Text("model") ?? throw OpenAiReader.Missing("model"),
            Messages = [new(ModelRole.User, string.Join('\n', texts))],
            ApiKey = Headers.ApiKey(request),
            Agent = agent ?? body.Text("user"),
            Headers = request.Headers,
        };
        return new(asked, texts, (int)dimensions);
    }

    public static byte[] Body(EmbeddingRequest request) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var i = 0; i < request.Texts.Count; i++) Write(writer, i, Vector(request.Texts[i], request.Dimensions));
        writer.WriteEndArray();
        writer.WriteString("model", request.Asked.Model);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", request.Asked.InputTokens);
        writer.WriteNumber("total_tokens", request.Asked.InputTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static List<string> Texts(JsonElement body)
    {
        var input = body.Get("input") ?? throw OpenAiReader.Missing("input");
        if (input.ValueKind == JsonValueKind.String) return [NotEmpty(input.GetString()!)];
        var items = body.Items("input");
        if (items.Count is 0 or > MaxTexts) throw WireRefusal.Invalid($"Invalid 'input': an array of 1 to {MaxTexts} texts is expected.", "input");
        return [.. items.Select(i => i.ValueKind == JsonValueKind.String ? NotEmpty(i.GetString()!) : throw WireRefusal.Invalid($"Invalid type for 'input': texts are expected, but got {i.TypeName()}.", "input", "invalid_type"))];
    }

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw WireRefusal.Invalid("Invalid 'input': input cannot be an empty string.", "input");

    private static void Write(Utf8JsonWriter writer, int index, double[] vector)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "embedding");
        writer.WriteNumber("index", index);
        writer.WriteStartArray("embedding");
        foreach (var number in vector) writer.WriteNumberValue((float)number);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // FNV-1a over each word, and one dimension that all texts share, so that no vector is zero.
    private static double[] Vector(string text, int dimensions)
    {
        var vector = new double[dimensions];
        vector[0] = 0.1;
        foreach (var word in text.ToLowerInvariant().Split([' ', '\t', '\n', '\r', '.', ',', '?', '!'], StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = 2166136261u;
            foreach (var c in word) hash = unchecked((hash ^ c) * 16777619);
            vector[hash % (uint)dimensions]++;
        }

        var length = Math.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / length)];
    }
}
