using System.Text.Json;

namespace Skep.Models.Endpoints;

/// <summary>
/// Providers by a file of the .skep folder: <c>{"default": "NAME", "providers": {"NAME": {"wire": "openai", "base_url": "…", "key_env": "VARIABLE", …}}}</c>.
/// Holds no keys: what looks like one is refused.
/// </summary>
/// <param name="Default">The provider of bare model names; null: not said.</param>
/// <param name="Endpoints">The providers.</param>
internal sealed record ModelsFile(string? Default, IReadOnlyList<ModelEndpoint> Endpoints)
{
    /// <summary>Its name in the .skep folder.</summary>
    public const string FileName = "models.json";

    /// <summary>Most providers of a file.</summary>
    public const int MaxProviders = 100;

    private const string Members =
        "wire, base_url, key_env, key_header, model, headers, rpm, tpm, context_tokens, max_output_tokens, insecure, prompt_caching, max_completion_tokens";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; nothing is in it when there is none.</summary>
    /// <exception cref="ModelConfigurationException">It is not as it should be.</exception>
    public static ModelsFile Read(string path) => SmallFile.Read(path) is { } bytes ? Parse(bytes, path) : new(null, []);

    internal static ModelsFile Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return Of(document.RootElement, path);
        }
        catch (JsonException wrong)
        {
            throw new ModelConfigurationException($"{path} is not JSON: {wrong.Message}", wrong);
        }
    }

    private static ModelsFile Of(JsonElement root, string path)
    {
        string? preferred = null;
        var endpoints = new List<ModelEndpoint>();
        foreach (var member in Object(root, path).EnumerateObject())
        {
            switch (member.Name)
            {
                case "default": preferred = Text(member.Value, $"{path}: default"); break;
                case "providers":
                    foreach (var provider in Object(member.Value, $"{path}: providers").EnumerateObject()) endpoints.Add(Endpoint(provider, path));
                    break;
                default: throw Unknown(path, member.Name, "default, providers");
            }
        }

        if (endpoints.Count > MaxProviders) throw new ModelConfigurationException($"{path} has more than {MaxProviders} providers. Take some out");
        var twice = endpoints.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? new(preferred, endpoints) : throw new ModelConfigurationException($"{path}: providers names '{twice}' a second time. Remove one of them");
    }

    private static ModelEndpoint Endpoint(JsonProperty provider, string path)
    {
        var where = $"{path}: providers.{provider.Name}";
        if (provider.Name.Length == 0 || provider.Name.Contains('/')) throw new ModelConfigurationException($"{where}: a provider's name is not empty and has no '/'");
        var members = Object(provider.Value, where);
        if (!members.TryGetProperty("base_url", out var url)) throw new ModelConfigurationException($"{where} has no base_url. Write where it answers, such as \"http://localhost:8000/v1\"");
        var wire = members.TryGetProperty("wire", out var name) ? EnvironmentEndpoints.Wire(Text(name, $"{where}.wire"), $"{where}.wire") : ModelWire.OpenAI;
        var endpoint = new ModelEndpoint(provider.Name, wire, EnvironmentEndpoints.Url(Text(url, $"{where}.base_url"), $"{where}.base_url"));
        foreach (var member in members.EnumerateObject()) endpoint = With(endpoint, member, $"{where}.{member.Name}", where);
        return endpoint;
    }

    private static ModelEndpoint With(ModelEndpoint endpoint, JsonProperty member, string at, string where)
    {
        var value = member.Value;
        return member.Name switch
        {
            "wire" or "base_url" => endpoint,
            "key_env" => endpoint with { KeyVariable = Variable(value, at), KeyIsOptional = endpoint.BaseUrl.IsLoopback },
            "key_header" => endpoint with { KeyHeader = HeaderName(Text(value, at), at) },
            "model" => endpoint with { DefaultModel = Text(value, at) },
            "headers" => endpoint with { Headers = ReadHeaders(Object(value, at), at) },
            "rpm" => endpoint with { RequestsPerMinute = Count(value, at) },
            "tpm" => endpoint with { TokensPerMinute = Count(value, at) },
            "context_tokens" => endpoint with { ContextTokens = Count(value, at) },
            "max_output_tokens" => endpoint with { MaxOutputTokens = Count(value, at) },
            "insecure" => endpoint with { Insecure = Truth(value, at) },
            "prompt_caching" => endpoint with { PromptCaching = Truth(value, at) },
            "max_completion_tokens" => endpoint with { NewTokenLimitName = Truth(value, at) },
            var name when KeyLike.IsName(name) => throw HoldsKey(at),
            var name => throw Unknown(where, name, Members),
        };
    }

    private static Dictionary<string, string> ReadHeaders(JsonElement members, string at)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members.EnumerateObject())
        {
            var where = $"{at}.{member.Name}";
            if (KeyLike.IsName(member.Name)) throw HoldsKey(where);
            var value = Text(member.Value, where);
            if (value.Any(char.IsControl)) throw new ModelConfigurationException($"{where} has a control character, which no header can carry");
            headers[HeaderName(member.Name, where)] = value;
        }

        return headers;
    }

    private static JsonElement Object(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Object ? value : throw new ModelConfigurationException($"{at} is not an object. Write {{ … }}");

    private static string Text(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text) throw new ModelConfigurationException($"{at} is not a text. Write \"…\"");
        return KeyLike.IsValue(text) ? throw HoldsKey(at) : text;
    }

    private static string Variable(JsonElement value, string at)
    {
        var name = Text(value, at);
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : throw new ModelConfigurationException($"{at} is not the name of a variable (letters, digits and _). It names where the key is; it is not the key");
    }

    private static string HeaderName(string name, string at) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? name : throw new ModelConfigurationException($"{at} is not the name of a header (letters, digits, - and _)");

    private static int Count(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0 ? count : throw new ModelConfigurationException($"{at} is not a whole number above 0");

    private static bool Truth(JsonElement value, string at) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new ModelConfigurationException($"{at} is neither true nor false");

    private static ModelConfigurationException HoldsKey(string at) =>
        new($"{at} holds, or would hold, a key, and this file may be shared. Put the key into the environment or into .skep/secrets (NAME=VALUE), and name it with \"key_env\": \"NAME\"");

    private static ModelConfigurationException Unknown(string at, string name, string known) => new($"{at} has a member '{name}' that is not known. Known are: {known}");
}
