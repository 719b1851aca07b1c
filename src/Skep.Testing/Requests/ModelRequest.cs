namespace Skep.Testing;

/// <summary>The wire formats.</summary>
public enum ModelWire
{
    /// <summary><c>/v1/chat/completions</c>.</summary>
    OpenAi,

    /// <summary><c>/v1/messages</c>.</summary>
    Anthropic,
}

/// <summary>
/// What a model was asked, in words that belong to no wire format: the same conversation is the same <see cref="ModelRequest"/> over both.
/// </summary>
public sealed class ModelRequest
{
    private readonly Lazy<ConversationHash> _hash;

    /// <summary>Makes a request; the reader of a wire format does.</summary>
    public ModelRequest() => _hash = new Lazy<ConversationHash>(() => ConversationHash.Of(this));

    /// <summary>The format it came in.</summary>
    public required ModelWire Wire { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>All system texts, joined by line feeds; empty when there is none.</summary>
    public string System { get; init; } = "";

    /// <summary>The conversation without system texts. Results of tools that came together are one message.</summary>
    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    /// <summary>Names of the tools that the model may call.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The temperature, if one was given.</summary>
    public double? Temperature { get; init; }

    /// <summary>The longest answer in tokens, if one was given.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>The key as it came: behind <c>Bearer</c>, or in <c>x-api-key</c>. Null when there was none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Who asks: the agent header's value, or the body's <c>user</c> or <c>metadata.user_id</c>; null when nobody says.</summary>
    public string? Agent { get; init; }

    /// <summary>All headers. Names are compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream tells what was used. Always so with Anthropic.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The JSON Schema that the answer is to follow, as JSON; null when none was given.</summary>
    public string? ResponseSchema { get; init; }

    /// <summary>The body as it came, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The header <c>Idempotency-Key</c>, or null.</summary>
    public string? IdempotencyKey => Headers.GetValueOrDefault("Idempotency-Key");

    /// <summary>Answers of the model that the conversation holds already.</summary>
    public int Turns => Messages.Count(m => m.Role == ModelRole.Assistant);

    /// <summary>Text of the last message of the user; empty when there is none.</summary>
    public string LastUserText => Messages.LastOrDefault(m => m.Role == ModelRole.User)?.Text ?? "";

    /// <summary>Results of tools that this request brings; empty when the last message is no such message.</summary>
    public IReadOnlyList<ModelToolResult> LastToolResults => Messages is [.., { Role: ModelRole.Tool } last] ? last.Results : [];

    /// <summary>
    /// A hash of system text and messages: two requests with the same prefix ask for the same turn of the same conversation, whatever the model and
    /// the wire format.
    /// </summary>
    public string Prefix => _hash.Value.Prefix;

    /// <summary>The prefixes of the turns that this conversation has behind it, oldest first.</summary>
    public IReadOnlyList<string> EarlierPrefixes => _hash.Value.Earlier;

    /// <summary>Tokens of the input by <see cref="TokenRule"/>.</summary>
    public long InputTokens => TokenRule.Input(this);
}

/// <summary>Who says something.</summary>
public enum ModelRole
{
    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>Tools.</summary>
    Tool,
}

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Text">The text; empty when there is none. What is not text stands as its type in brackets.</param>
public sealed record ModelMessage(ModelRole Role, string Text)
{
    /// <summary>Calls that the model makes here.</summary>
    public IReadOnlyList<ModelToolCall> Calls { get; init; } = [];

    /// <summary>Results that tools give here.</summary>
    public IReadOnlyList<ModelToolResult> Results { get; init; } = [];
}

/// <summary>A call of a tool.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON, as they came; not necessarily valid.</param>
public sealed record ModelToolCall(string Id, string Name, string Arguments);

/// <summary>What a call of a tool gave.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Name">The tool.</param>
/// <param name="Text">The result.</param>
/// <param name="IsError">Whether it is said to be an error (Anthropic only).</param>
public sealed record ModelToolResult(string CallId, string Name, string Text, bool IsError = false);
