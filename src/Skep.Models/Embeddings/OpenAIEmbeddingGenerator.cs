using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Faults;
using Skep.Models.Wire;

namespace Skep.Models.Embeddings;

/// <summary>
/// Speaks OpenAI's <c>/v1/embeddings</c>, as OpenAI, vLLM, llama.cpp's server, Ollama and many hosted providers do. A call is one request; every failure is a <see cref="ModelException"/>;
/// nothing is retried. Thread-safe.
/// </summary>
public sealed class OpenAIEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Most texts of a request; OpenAI takes no more.</summary>
    public const int MaxTexts = 2048;

    private readonly HttpMessageInvoker _http;
    private readonly ModelEndpoint _endpoint;
    private readonly Uri _address;
    private readonly string? _key;
    private readonly string? _model;
    private readonly ModelClientOptions _options;
    private readonly TimeProvider _time;
    private readonly IRateLimitObserver? _limits;
    private readonly FaultReporter _faults;

    /// <summary>Makes a client.</summary>
    /// <param name="http">Sends the requests; not disposed. Its own time limit, if it has one, should be off.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="key">The key; null: none is sent.</param>
    /// <param name="model">The model when a call names none; null: the endpoint's.</param>
    /// <param name="options">How long it waits (<see cref="ModelClientOptions.FirstPieceTimeout"/> for the whole answer), and how much it takes.</param>
    /// <param name="time">Clock of the waiting; null: the system's.</param>
    /// <param name="limits">Hears what the provider says about its limits.</param>
    /// <exception cref="ModelException"><see cref="ModelFault.NotFound"/>: the endpoint's wire format has no embeddings.</exception>
    public OpenAIEmbeddingGenerator(HttpMessageInvoker http, ModelEndpoint endpoint, string? key = null, string? model = null,
        ModelClientOptions? options = null, TimeProvider? time = null, IRateLimitObserver? limits = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        (_http, _endpoint, _limits) = (http, endpoint, limits);
        _key = string.IsNullOrEmpty(key) ? null : key;
        _model = model ?? endpoint.DefaultModel;
        (_options, _time) = (options ?? ModelClientOptions.Default, time ?? TimeProvider.System);
        _faults = new(endpoint, _key, _time);
        _address = endpoint.EmbeddingsAddress
            ?? throw _faults.Of(ModelFault.NotFound, "Anthropic's format has no embeddings. Name a model of a provider that speaks OpenAI's, or use hash embeddings");
    }

    /// <inheritdoc />
    /// <exception cref="ModelException">The call failed, or the answer is not what was asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var texts = values as IReadOnlyList<string> ?? [.. values];
        if (texts.Count == 0) return [];
        if (texts.Count > MaxTexts) throw _faults.Of(ModelFault.BadRequest, $"{texts.Count} texts are more than the {MaxTexts} of a request. Ask in parts, as ModelEmbedder does");
        var model = options?.ModelId ?? _model ?? throw _faults.Of(ModelFault.NotFound, "no model is named. Name one as provider/model");
        using var call = new EmbeddingCall(_http, _faults, _options, _time, _limits, model, cancellationToken);
        using var request = EndpointRequest.Post(_endpoint, _address, _key, EndpointRequest.BearerHeader, "application/json", Body(model, texts, options?.Dimensions));
        var body = await call.AskAsync(request);
        return Read(body, texts.Count, call.RequestId);
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return new EmbeddingGeneratorMetadata(_endpoint.Name, _endpoint.BaseUrl, _model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing: the connections belong to who made them.</summary>
    public void Dispose()
    {
    }

    private static PooledRequest Body(string model, IReadOnlyList<string> texts, int? dimensions)
    {
        var body = new PooledRequest();
        using var json = new Utf8JsonWriter(body, PooledRequest.JsonOptions);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartArray("input");
        foreach (var text in texts) json.WriteStringValue(JsonValues.Plain(text));
        json.WriteEndArray();
        json.WriteString("encoding_format", "float");
        if (dimensions is { } count) json.WriteNumber("dimensions", count);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    private GeneratedEmbeddings<Embedding<float>> Read(ReadOnlyMemory<byte> body, int count, string? request)
    {
        try
        {
            return EmbeddingAnswer.Read(body, count, _time.GetUtcNow());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw _faults.Of(ModelFault.Malformed, $"the answer is not what the format of embeddings says: {wrong.Message}. Check that the base URL is that of a server that embeds texts", request, wrong);
        }
    }
}
