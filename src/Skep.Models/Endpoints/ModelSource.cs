using System.Collections.Concurrent;
using Skep.Models.Embeddings;
using Skep.Models.Limits;
using Skep.Models.Prices;

namespace Skep.Models.Endpoints;

/// <summary>What a <see cref="ModelSource"/> is made of beside the files. All have defaults.</summary>
public sealed record ModelSourceOptions
{
    /// <summary>Makes the gate of an endpoint, once each; default: no limits. A gate that is an <see cref="IRateLimitObserver"/> hears what the provider says.</summary>
    public Func<ModelEndpoint, IProviderGate> Gate { get; init; } = static _ => OpenGate.Instance;

    /// <summary>Reads a variable of the environment; default: the process's.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Makes the handler that sends an endpoint's requests, once each; default: a connection pool.</summary>
    public Func<ModelEndpoint, HttpMessageHandler> Handler { get; init; } = Connections.Handler;

    /// <summary>How long clients wait, and how much they take.</summary>
    public ModelClientOptions Client { get; init; } = ModelClientOptions.Default;

    /// <summary>Clock of the waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Finds models by the environment and the files of a .skep folder (<c>models.json</c>, <c>secrets</c>, <c>prices.json</c>), all read once. Thread-safe.
/// </summary>
/// <remarks>
/// Providers: <c>openai</c> (OPENAI_API_KEY, OPENAI_BASE_URL), <c>anthropic</c> (ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL), <c>default</c> (SKEP_MODEL_BASE_URL,
/// SKEP_MODEL_WIRE, SKEP_MODEL_API_KEY, its model SKEP_MODEL), and those of models.json, which take the place of others of their name. A bare model name
/// belongs to: <c>default</c>, if there is one; else the default that models.json names; else the only provider that has all it needs. A bare provider name
/// stands for its default model; the bare name <c>default</c> for SKEP_MODEL where that is all that is set.
/// </remarks>
public sealed class ModelSource : IModelSource, IDisposable
{
    /// <summary>Most routes that are remembered; more are made anew each time.</summary>
    private const int MaxRoutes = 1000;

    private readonly ConcurrentDictionary<string, ModelRoute> _routes = new();
    private readonly Dictionary<string, Provider> _providers = [];
    private readonly ModelSourceOptions _options;
    private readonly KeyRing _keys;
    private readonly string? _default;

    /// <summary>Reads what there is.</summary>
    /// <param name="folder">The .skep folder; null: the environment only.</param>
    /// <param name="options">What else it is made of.</param>
    /// <exception cref="ModelConfigurationException">A file or variable cannot be used.</exception>
    public ModelSource(string? folder = null, ModelSourceOptions? options = null)
    {
        _options = options ?? new();
        _keys = new(_options.Environment, folder is null ? new Dictionary<string, string>() : SecretsFile.Read(Path.Combine(folder, SecretsFile.FileName)));
        var file = folder is null ? new(null, []) : ModelsFile.Read(Path.Combine(folder, ModelsFile.FileName));
        Prices = folder is null ? PriceTable.Default : PriceTable.Load(folder);
        foreach (var endpoint in EnvironmentEndpoints.Read(_keys).Concat(file.Endpoints)) _providers[endpoint.Name] = new(endpoint, _keys, _options);
        _default = _providers.ContainsKey(EnvironmentEndpoints.Default) ? EnvironmentEndpoints.Default : file.Default;
        if (_default is not null && !_providers.ContainsKey(_default))
            throw new ModelConfigurationException($"{Path.Combine(folder!, ModelsFile.FileName)}: default names '{_default}', which is no provider. There are: {Names()}");
    }

    /// <summary>The providers, whether they have what they need or not.</summary>
    public IReadOnlyList<ModelEndpoint> Endpoints => [.. _providers.Values.Select(p => p.Endpoint).OrderBy(e => e.Name, StringComparer.Ordinal)];

    /// <summary>Prices and sizes of models.</summary>
    public PriceTable Prices { get; }

    /// <summary>
    /// The keys: to be masked in whatever is stored or shown. Values of the secrets file and of the providers' variables, of at least eight characters;
    /// read anew each time.
    /// </summary>
    public IEnumerable<string> SecretValues => _keys.Secrets(_providers.Values.Select(p => p.Endpoint.KeyVariable).OfType<string>());

    /// <summary>Whether a provider could be called: it has its key, or needs none.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="whyNot">What is missing and how to bring it; null when nothing is.</param>
    public bool IsReady(string provider, out string? whyNot)
    {
        whyNot = _providers.TryGetValue(provider, out var found) ? found.Missing : NoProvider(provider);
        return whyNot is null;
    }

    /// <inheritdoc />
    public ModelRoute Resolve(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_routes.TryGetValue(model, out var known)) return known;
        var (provider, name) = Find(model);
        var facts = Prices.Find(provider.Endpoint.Name, name);
        var route = new ModelRoute(provider.Endpoint.Name, name, provider.Client(name), provider.Gate)
        {
            Price = facts.Price,
            ContextTokens = provider.Endpoint.ContextTokens ?? facts.ContextTokens ?? ModelRoute.DefaultContextTokens,
            MaxOutputTokens = provider.Endpoint.MaxOutputTokens ?? facts.MaxOutputTokens,
        };
        return _routes.Count < MaxRoutes ? _routes.GetOrAdd(model, route) : route;
    }

    /// <summary>The route to a model that embeds texts, for <see cref="ModelEmbedder"/>.</summary>
    /// <param name="model">As <see cref="Resolve"/> takes it.</param>
    /// <exception cref="ModelException">There is no such provider, it has no key, or its wire format has no embeddings.</exception>
    public EmbeddingRoute ResolveEmbeddings(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (provider, name) = Find(model);
        return new(provider.Endpoint.Name, name, provider.Embeddings(name), provider.Gate);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (var provider in _providers.Values) provider.Dispose();
    }

    private (Provider Provider, string Model) Find(string model)
    {
        var slash = model.IndexOf('/');
        if (slash > 0 && _providers.TryGetValue(model[..slash], out var named) && slash + 1 < model.Length) return (named, model[(slash + 1)..]);
        if (slash > 0 && model[..slash] != EnvironmentEndpoints.Default) throw new ModelException(ModelFault.NotFound, NoProvider(model[..slash]));
        if (_providers.TryGetValue(model, out var bare)) return (bare, bare.Endpoint.DefaultModel ?? throw NoModel(bare.Endpoint));
        if (model == EnvironmentEndpoints.Default || slash > 0) return FindNamedByEnvironment(model, slash);
        return model.Length > 0 ? (Preferred(model), model) : throw new ModelException(ModelFault.NotFound, "no model is named. Write provider/model");
    }

    // "default" without an endpoint of that name: SKEP_MODEL says which model is meant.
    private (Provider, string) FindNamedByEnvironment(string model, int slash)
    {
        if (slash > 0 && slash + 1 < model.Length) return (Preferred(model), model[(slash + 1)..]);
        var meant = _keys.Find(EnvironmentEndpoints.ModelVariable);
        if (meant is not null && meant != EnvironmentEndpoints.Default && !meant.StartsWith("default/", StringComparison.Ordinal)) return Find(meant);
        if (_default is not null && _providers[_default].Endpoint.DefaultModel is { } own) return (_providers[_default], own);
        throw new ModelException(ModelFault.NotFound,
            $"the plan asks for the model 'default', and none is set. Set {EnvironmentEndpoints.ModelVariable} to a model's name, and {EnvironmentEndpoints.BaseUrlVariable} to where it answers unless a provider of your own has it. Providers: {Names()}");
    }

    private Provider Preferred(string model)
    {
        if (_default is not null) return _providers[_default];
        var ready = _providers.Values.Where(p => p.Missing is null).ToList();
        if (ready.Count == 1) return ready[0];
        throw new ModelException(ready.Count == 0 ? ModelFault.Unauthorized : ModelFault.NotFound, ready.Count == 0
            ? $"no provider is ready to answer as '{model}'. Set OPENAI_API_KEY, ANTHROPIC_API_KEY or SKEP_MODEL_BASE_URL, or describe a provider in .skep/models.json"
            : $"'{model}' names no provider, and several could be meant: {string.Join(", ", ready.Select(p => p.Endpoint.Name))}. Write provider/{model}, or set \"default\" in .skep/models.json");
    }

    private static ModelException NoModel(ModelEndpoint endpoint) => new(ModelFault.NotFound,
        $"provider '{endpoint.Name}' has no default model. Write {endpoint.Name}/MODEL, or {(endpoint.Name == EnvironmentEndpoints.Default ? $"set {EnvironmentEndpoints.ModelVariable}" : "give it a \"model\" in .skep/models.json")}");

    private string NoProvider(string name) => $"there is no provider '{name}'. There are: {Names()}. Describe further ones in .skep/models.json";

    private string Names() => string.Join(", ", _providers.Keys.Order(StringComparer.Ordinal));
}
