using Microsoft.Extensions.AI;
using Polly;
using Skep.Embeddings;
using Skep.Models.Limits;

namespace Skep.Models.Embeddings;

/// <summary>
/// An <see cref="IEmbedder"/> over any <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>: in bounded batches, each through the provider's gate, tried again while the fault is transient.
/// Vectors are normalised here, so that what is stored is of one kind whatever the server does. Thread-safe.
/// </summary>
public sealed class ModelEmbedder : IEmbedder
{
    private const string Probe = "dimension";

    private readonly EmbeddingRoute _route;
    private readonly ModelEmbedderOptions _options;
    private readonly ResiliencePipeline _retry;

    private ModelEmbedder(EmbeddingRoute route, ModelEmbedderOptions options, EmbeddingModelId? model)
    {
        (_route, _options) = (route, options);
        _retry = CallRetry.Create(options.Retry, options.Time, static (_, _) => ValueTask.CompletedTask);
        Model = model ?? new(Name(route), options.Dimension ?? 1, Normalised: true);
    }

    /// <inheritdoc />
    public EmbeddingModelId Model { get; }

    /// <summary>Makes an embedder; the model is asked for one short vector, to know its dimension.</summary>
    /// <param name="route">The model, by <see cref="Endpoints.ModelSource.ResolveEmbeddings"/> or of the host's own.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ModelException">The model cannot be reached.</exception>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadVectors"/>: it has another dimension than was asked for.</exception>
    public static async Task<ModelEmbedder> CreateAsync(EmbeddingRoute route, ModelEmbedderOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(route);
        options ??= new();
        ModelEmbedderOptions.Check(options);
        var probing = new ModelEmbedder(route, options, null);
        var vector = (await probing.AskAsync([Probe], cancel))[0].Vector;
        if (vector.Length == 0 || (options.Dimension is { } asked && asked != vector.Length))
            throw Bad(route, $"gives vectors of {vector.Length} dimensions where {options.Dimension ?? 1} were asked for. Ask for what it has, or for nothing");
        return new(route, options, new(Name(route), vector.Length, Normalised: true));
    }

    /// <inheritdoc />
    /// <exception cref="ModelException">The model cannot be reached, or refuses.</exception>
    public async ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (vectors.Length != (long)texts.Count * Model.Dimension)
            throw new EmbeddingException(EmbeddingFault.BadArgument, $"a place for {vectors.Length} numbers was given for {texts.Count} vectors of {Model}. Give one for {(long)texts.Count * Model.Dimension}");
        foreach (var text in texts) Check(text);
        for (var at = 0; at < texts.Count;)
        {
            var batch = Batch(texts, at);
            var answers = await AskAsync(batch, cancel);
            for (var i = 0; i < batch.Count; i++) Take(answers[i].Vector.Span, vectors.Span.Slice((at + i) * Model.Dimension, Model.Dimension));
            at += batch.Count;
        }
    }

    private static string Name(EmbeddingRoute route) => $"{route.Provider}/{route.Model}";

    private static EmbeddingException Bad(EmbeddingRoute route, string what) => new(EmbeddingFault.BadVectors, $"{Name(route)} {what}");

    private void Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text)) throw new EmbeddingException(EmbeddingFault.EmptyText, $"an empty text was given to {Model.Name}: there is nothing to embed. Leave it out of the vector index");
        if (text.Length > _options.MaxText) throw new EmbeddingException(EmbeddingFault.TextTooLong, $"a text of {text.Length} characters is longer than the {_options.MaxText} that are given to {Model.Name}. Embed it in parts");
    }

    private List<string> Batch(IReadOnlyList<string> texts, int from)
    {
        var (batch, tokens) = (new List<string>(), 0L);
        for (var i = from; i < texts.Count && batch.Count < _options.BatchTexts; i++)
        {
            tokens += TokenEstimate.Of(texts[i]);
            if (batch.Count > 0 && tokens > _options.BatchTokens) break;
            batch.Add(texts[i]);
        }

        return batch;
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> AskAsync(List<string> batch, CancellationToken cancel)
    {
        var tokens = batch.Sum(t => TokenEstimate.Of(t));
        var answers = await _retry.ExecuteAsync(async token => await TryAsync(batch, tokens, token), cancel);
        return answers.Count == batch.Count ? answers : throw Bad(_route, $"gave {answers.Count} vectors for {batch.Count} texts. Another server, or another version of it, may do better");
    }

    // Each try takes a turn of its own.
    private async Task<GeneratedEmbeddings<Embedding<float>>> TryAsync(List<string> batch, long tokens, CancellationToken cancel)
    {
        var turn = await _route.Gate.EnterAsync(_options.Agent, tokens, cancel);
        try
        {
            var answers = await _route.Generator.GenerateAsync(batch, new() { ModelId = _route.Model, Dimensions = _options.Dimension }, cancel);
            turn.Done(answers.Usage?.TotalTokenCount);
            return answers;
        }
        catch (ModelException fault)
        {
            turn.Failed(fault);
            throw;
        }
        catch
        {
            turn.Abandoned();
            throw;
        }
    }

    private void Take(ReadOnlySpan<float> from, Span<float> to)
    {
        if (from.Length != to.Length) throw Bad(_route, $"gave a vector of {from.Length} dimensions after vectors of {to.Length}. Embed everything anew if it was exchanged for another model");
        var squares = 0.0;
        foreach (var value in from) squares += (double)value * value;
        if (!(squares > 0) || !double.IsFinite(squares)) throw Bad(_route, "gave a vector that is zero or has numbers that are not finite. It has no direction, and cannot be compared");
        var length = Math.Sqrt(squares);
        for (var i = 0; i < from.Length; i++) to[i] = (float)(from[i] / length);
    }
}
