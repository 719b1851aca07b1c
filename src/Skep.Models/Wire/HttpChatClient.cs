using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Faults;

namespace Skep.Models.Wire;

/// <summary>
/// What the clients of both wire formats share. Always streams, because only a stream shows that a model is still at work; a whole answer is put together
/// from one. Every failure is a <see cref="ModelException"/>; nothing is retried. Thread-safe; a call keeps nothing behind.
/// </summary>
public abstract class HttpChatClient : IChatClient
{
    private const int MaxIdempotencyKey = 255;
    private readonly HttpMessageInvoker _http;
    private readonly string? _key;
    private readonly string? _model;
    private readonly TimeProvider _time;
    private readonly IRateLimitObserver? _limits;
    private readonly FaultReporter _faults;
    private readonly Uri _address;

    private protected HttpChatClient(HttpMessageInvoker http, ModelEndpoint endpoint, string? key, string? model, ModelClientOptions? options, TimeProvider? time, IRateLimitObserver? limits)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        (_http, Endpoint, _limits) = (http, endpoint, limits);
        _key = string.IsNullOrEmpty(key) ? null : key;
        _model = model ?? endpoint.DefaultModel;
        _time = time ?? TimeProvider.System;
        Options = options ?? ModelClientOptions.Default;
        _faults = new(endpoint, _key, _time);
        _address = endpoint.Address;
    }

    /// <summary>Where it talks to.</summary>
    public ModelEndpoint Endpoint { get; }

    /// <summary>How long it waits, and how much it takes.</summary>
    public ModelClientOptions Options { get; }

    private protected abstract string DefaultKeyHeader { get; }

    /// <inheritdoc />
    /// <exception cref="ModelException">The call failed.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken)) updates.Add(update);
        return updates.ToChatResponse();
    }

    /// <inheritdoc />
    /// <exception cref="ModelException">The call failed.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var model = options?.ModelId ?? _model ?? throw _faults.Of(ModelFault.NotFound, "no model is named. Name one as provider/model");
        using var call = new ModelCall(_http, _faults, Options, _time, _limits, model, cancellationToken);
        using (var request = Request(model, messages, options)) await call.SendAsync(request, NewDecoder());
        while (await call.NextAsync() is { } update) yield return update;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata(Endpoint.Name, Endpoint.BaseUrl, _model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing: the connections belong to who made them.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    private protected abstract void WriteBody(Utf8JsonWriter json, string model, IEnumerable<ChatMessage> messages, ChatOptions? options);

    private protected abstract StreamDecoder NewDecoder();

    private protected virtual void AddHeaders(HttpRequestMessage request)
    {
    }

    private HttpRequestMessage Request(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var request = EndpointRequest.Post(Endpoint, _address, _key, DefaultKeyHeader, "text/event-stream", Body(model, messages, options));
        AddHeaders(request);
        if (options?.AdditionalProperties?.TryGetValue(ModelProperties.IdempotencyKey, out var idempotencyKey) == true && idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", HeaderValue(idempotencyKey.ToString()!));
        return request;
    }

    private PooledRequest Body(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var body = new PooledRequest();
        try
        {
            using var json = new Utf8JsonWriter(body, PooledRequest.JsonOptions);
            WriteBody(json, model, messages, options);
            json.Flush();
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    // A header holds visible ASCII only, and providers bound its length; a key that does not fit is replaced by what is unique for it.
    private static string HeaderValue(string key) =>
        key.Length <= MaxIdempotencyKey && key.All(c => c is > ' ' and < '\u007f')
            ? key
            : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
