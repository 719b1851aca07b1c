namespace Skep.Models.Endpoints;

/// <summary>The wire format that an endpoint speaks.</summary>
public enum ModelWire
{
    /// <summary>OpenAI's chat completions, spoken by OpenAI, vLLM, llama.cpp, Ollama and many hosted providers.</summary>
    OpenAI,

    /// <summary>Anthropic's messages.</summary>
    Anthropic,
}

/// <summary>Where models answer, and what is known about them. Holds no key, only the name of the variable that does.</summary>
/// <param name="Name">The provider's name in plans: what is before the slash of <c>provider/model</c>.</param>
/// <param name="Wire">What it speaks.</param>
/// <param name="BaseUrl">Its address, with or without <c>/v1</c>; see <see cref="Address"/>.</param>
public sealed record ModelEndpoint(string Name, ModelWire Wire, Uri BaseUrl)
{
    /// <summary>Name of the variable that holds the key, in the environment or the secrets file; null: it needs none.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Whether it is used without a key when the variable is not set.</summary>
    public bool KeyIsOptional { get; init; }

    /// <summary>Header that carries the key bare; null: <c>Authorization: Bearer</c> for OpenAI's format, <c>x-api-key</c> for Anthropic's.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>The model that answers when only the provider is named; null: there is none.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Headers that go with every request. No keys.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests a minute that are allowed; null: not known.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute that are allowed; null: not known.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Input and output that fit, in tokens; null: as the price table says.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer in tokens; null: as the price table says.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether a key may go over plain http to another machine.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether prompts are marked for caching (Anthropic only).</summary>
    public bool PromptCaching { get; init; } = true;

    /// <summary>
    /// Whether the longest answer is called <c>max_completion_tokens</c> (OpenAI's format only). Default: at openai.com and Azure, whose newer models
    /// refuse the old name; others often do not know the new one.
    /// </summary>
    public bool NewTokenLimitName { get; init; } = BaseUrl.Host.EndsWith(".openai.com", StringComparison.OrdinalIgnoreCase)
        || BaseUrl.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Where requests go. Of OpenAI's format: the base with <c>/chat/completions</c>, and <c>/v1</c> before that when the base has no path at all. Of
    /// Anthropic's: the base with <c>/v1/messages</c>, once. A query stays.
    /// </summary>
    public Uri Address => Wire == ModelWire.OpenAI ? OpenAIAddress() : AnthropicAddress();

    /// <summary>
    /// Where texts are embedded; null: Anthropic's format has nothing for that. The base with <c>/embeddings</c>, as <see cref="Address"/> is made.
    /// </summary>
    public Uri? EmbeddingsAddress
    {
        get
        {
            if (Wire != ModelWire.OpenAI) return null;
            var path = Address.AbsolutePath;
            return WithPath(string.Concat(path.AsSpan(0, path.Length - "/chat/completions".Length), "/embeddings"));
        }
    }

    private Uri OpenAIAddress()
    {
        var path = BaseUrl.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/chat/completions", StringComparison.Ordinal)) return BaseUrl;
        return WithPath((path.Length == 0 ? "/v1" : path) + "/chat/completions");
    }

    private Uri AnthropicAddress()
    {
        var path = BaseUrl.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v1/messages", StringComparison.Ordinal)) return BaseUrl;
        return WithPath(path.EndsWith("/v1", StringComparison.Ordinal) ? path + "/messages" : path + "/v1/messages");
    }

    private Uri WithPath(string path) => new UriBuilder(BaseUrl) { Path = path }.Uri;
}
