using System.Text.Json;
using Skep.Models.Endpoints;

namespace Skep.Models.Prices;

/// <summary>Reads a table of prices: <c>{"as_of": "…", "models": [{"match": "…", "input": 3, "output": 15, "cache_read": …, "cache_write": …, "context": …, "max_output": …}]}</c>.</summary>
internal static class PriceFile
{
    /// <summary>Most models of a file.</summary>
    public const int MaxModels = 5000;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static (string? AsOf, List<PricePattern> Patterns) Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array)
                throw Wrong(path, "has no list of models. Write {\"models\": [{\"match\": \"NAME\", \"input\": 3, \"output\": 15}]}");
            if (models.GetArrayLength() > MaxModels) throw Wrong(path, $"has more than {MaxModels} models. Take some out");
            var asOf = root.TryGetProperty("as_of", out var day) ? day.ToString() : null;
            return (asOf, [.. models.EnumerateArray().Select((model, i) => Pattern(model, $"{path}: models[{i}]"))]);
        }
        catch (JsonException wrong)
        {
            throw new ModelConfigurationException($"{path} is not JSON: {wrong.Message}", wrong);
        }
    }

    private static PricePattern Pattern(JsonElement model, string at)
    {
        if (model.ValueKind != JsonValueKind.Object || !model.TryGetProperty("match", out var match) || match.ValueKind != JsonValueKind.String || match.GetString() is not { Length: > 0 } text)
            throw Wrong(at, "has no \"match\". Write the model's name");
        decimal? input = null, output = null, read = null, write = null;
        int? context = null, longest = null;
        foreach (var member in model.EnumerateObject())
        {
            switch (member.Name)
            {
                case "match": break;
                case "input": input = Dollars(member, at); break;
                case "output": output = Dollars(member, at); break;
                case "cache_read": read = Dollars(member, at); break;
                case "cache_write": write = Dollars(member, at); break;
                case "context": context = Count(member, at); break;
                case "max_output": longest = Count(member, at); break;
                default: throw Wrong(at, $"has a member '{member.Name}' that is not known. Known are: match, input, output, cache_read, cache_write, context, max_output");
            }
        }

        if (input is null != output is null) throw Wrong(at, $"has a price for {(input is null ? "output" : "input")} only. Write both input and output, or neither");
        return new(text, new(input is { } i && output is { } o ? new ModelPrice(i, o, read, write) : null, context, longest));
    }

    private static decimal Dollars(JsonProperty member, string at) =>
        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDecimal(out var dollars) && dollars is >= 0 and < 1_000_000
            ? dollars : throw Wrong($"{at}.{member.Name}", "is not a price in dollars for a million tokens (a number from 0)");

    private static int Count(JsonProperty member, string at) =>
        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var count) && count > 0
            ? count : throw Wrong($"{at}.{member.Name}", "is not a whole number of tokens above 0");

    private static ModelConfigurationException Wrong(string where, string what) => new($"{where} {what}");
}
