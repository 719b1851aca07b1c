namespace Skep.Embeddings;

/// <summary>
/// Makes vectors of texts. The seam between what stores vectors and what makes them: <see cref="Hashing.HashEmbedder"/> needs no model; <c>ModelEmbedder</c> of Skep.Models takes any
/// <c>IEmbeddingGenerator</c> of Microsoft.Extensions.AI. Thread-safe.
/// </summary>
public interface IEmbedder
{
    /// <summary>What it is, to be stored with every vector that it makes.</summary>
    EmbeddingModelId Model { get; }

    /// <summary>Makes a vector of each text.</summary>
    /// <param name="texts">The texts; none may be without words.</param>
    /// <param name="vectors">Where they go, one after the other: exactly <c>texts.Count × Model.Dimension</c> numbers. After an exception its content is undefined.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="EmbeddingException">A text has nothing to embed or is too long; or the model gave what is not usable.</exception>
    ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default);
}

/// <summary>Shorter ways to ask an <see cref="IEmbedder"/>.</summary>
public static class EmbedderExtensions
{
    /// <summary>The vector of a text.</summary>
    /// <exception cref="EmbeddingException">As of <see cref="IEmbedder.EmbedAsync"/>.</exception>
    public static async ValueTask<float[]> EmbedAsync(this IEmbedder embedder, string text, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(text);
        var vector = new float[embedder.Model.Dimension];
        await embedder.EmbedAsync([text], vector, cancel);
        return vector;
    }
}
