using Microsoft.Extensions.AI;
using Skep.Models.Embeddings;
using Skep.Models.Limits;

namespace Skep.Models.Endpoints;

/// <summary>An endpoint at work: its key, its connections, its gate. What costs something is made when it is first asked for.</summary>
internal sealed class Provider(ModelEndpoint endpoint, KeyRing keys, ModelSourceOptions options) : IDisposable
{
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new(options.Handler(endpoint)));
    private readonly Lazy<IProviderGate> _gate = new(() => options.Gate(endpoint));

    public ModelEndpoint Endpoint => endpoint;

    public IProviderGate Gate => _gate.Value;

    /// <summary>What keeps it from being called, and how to change that; null: nothing.</summary>
    public string? Missing => Problem(out _);

    /// <summary>A client for a model.</summary>
    /// <exception cref="ModelException"><see cref="ModelFault.Unauthorized"/>: the key is missing, or must not be sent.</exception>
    public IChatClient Client(string model)
    {
        if (Problem(out var key) is { } missing) throw new ModelException(ModelFault.Unauthorized, missing);
        var observer = Gate as IRateLimitObserver;
        return endpoint.Wire == ModelWire.OpenAI
            ? new OpenAIChatClient(_http.Value, endpoint, key, model, options.Client, options.Time, observer)
            : new AnthropicChatClient(_http.Value, endpoint, key, model, options.Client, options.Time, observer);
    }

    /// <summary>What embeds texts with a model.</summary>
    /// <exception cref="ModelException"><see cref="ModelFault.Unauthorized"/>, or <see cref="ModelFault.NotFound"/>: the wire format has no embeddings.</exception>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model)
    {
        if (Problem(out var key) is { } missing) throw new ModelException(ModelFault.Unauthorized, missing);
        return new OpenAIEmbeddingGenerator(_http.Value, endpoint, key, model, options.Client, options.Time, Gate as IRateLimitObserver);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    private string? Problem(out string? key)
    {
        key = endpoint.KeyVariable is { } variable ? keys.Find(variable) : null;
        if (key is null)
        {
            return endpoint.KeyVariable is null || endpoint.KeyIsOptional ? null
                : $"provider '{endpoint.Name}' has no key. Set {endpoint.KeyVariable} in the environment, or write a line {endpoint.KeyVariable}=… into .skep/secrets";
        }

        if (!KeyRing.Fits(key)) return $"the key in {endpoint.KeyVariable} of provider '{endpoint.Name}' has blanks, control or foreign characters. Set it to the key alone";
        return endpoint.BaseUrl.Scheme == Uri.UriSchemeHttp && !endpoint.BaseUrl.IsLoopback && !endpoint.Insecure
            ? $"provider '{endpoint.Name}' is at {endpoint.BaseUrl.GetLeftPart(UriPartial.Authority)}: the key in {endpoint.KeyVariable} would go over the network in the clear. Use https, or describe the provider in .skep/models.json with \"insecure\": true"
            : null;
    }
}
