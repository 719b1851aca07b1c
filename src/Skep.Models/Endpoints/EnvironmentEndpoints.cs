namespace Skep.Models.Endpoints;

/// <summary>
/// The providers that environment variables make: <c>openai</c> and <c>anthropic</c>, always; <c>default</c> when SKEP_MODEL_BASE_URL, SKEP_MODEL_WIRE or
/// SKEP_MODEL_API_KEY is set.
/// </summary>
internal static class EnvironmentEndpoints
{
    public const string Default = "default";
    public const string BaseUrlVariable = "SKEP_MODEL_BASE_URL";
    public const string WireVariable = "SKEP_MODEL_WIRE";
    public const string KeyVariable = "SKEP_MODEL_API_KEY";
    public const string ModelVariable = "SKEP_MODEL";

    private const string OpenAIUrl = "https://api.openai.com/v1";
    private const string AnthropicUrl = "https://api.anthropic.com";

    public static IEnumerable<ModelEndpoint> Read(KeyRing keys)
    {
        yield return BuiltIn(keys, "openai", ModelWire.OpenAI, OpenAIUrl, "OPENAI");
        yield return BuiltIn(keys, "anthropic", ModelWire.Anthropic, AnthropicUrl, "ANTHROPIC");
        if (ReadDefault(keys) is { } endpoint) yield return endpoint;
    }

    /// <summary>What a wire format is called.</summary>
    /// <exception cref="ModelConfigurationException">Something else.</exception>
    public static ModelWire Wire(string name, string where) => name.ToLowerInvariant() switch
    {
        "openai" => ModelWire.OpenAI,
        "anthropic" => ModelWire.Anthropic,
        _ => throw new ModelConfigurationException($"{where} is '{name}', which is no wire format. Write openai or anthropic"),
    };

    /// <summary>An address of a provider. It may not hold a key.</summary>
    /// <exception cref="ModelConfigurationException">It is not http or https, or holds a user, password or key.</exception>
    public static Uri Url(string text, string where)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new ModelConfigurationException($"{where} is not an http or https address. Write one such as http://localhost:8000/v1");
        if (url.UserInfo.Length > 0 || url.Query.Split('?', '&').Any(p => KeyLike.IsName(p.Split('=')[0])))
            throw new ModelConfigurationException($"{where} holds a user, password or key. Take it out, and name the key's variable instead (key_env in models.json)");
        return url;
    }

    // A server of one's own may need no key; the real one always does.
    private static ModelEndpoint BuiltIn(KeyRing keys, string name, ModelWire wire, string url, string prefix)
    {
        var own = keys.Find(prefix + "_BASE_URL");
        return new(name, wire, Url(own ?? url, prefix + "_BASE_URL")) { KeyVariable = prefix + "_API_KEY", KeyIsOptional = own is not null };
    }

    private static ModelEndpoint? ReadDefault(KeyRing keys)
    {
        var (url, wire, key) = (keys.Find(BaseUrlVariable), keys.Find(WireVariable), keys.Find(KeyVariable));
        if (url is null && wire is null && key is null) return null;
        var format = Wire(wire ?? "openai", WireVariable);
        return new(Default, format, Url(url ?? (format == ModelWire.OpenAI ? OpenAIUrl : AnthropicUrl), BaseUrlVariable))
        {
            KeyVariable = KeyVariable,
            KeyIsOptional = url is not null,
            DefaultModel = keys.Find(ModelVariable),
        };
    }
}
