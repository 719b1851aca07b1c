namespace Skep.Memory;

/// <summary>How far an index is.</summary>
/// <param name="Stage"><c>texts</c> or <c>vectors</c>.</param>
/// <param name="Done">Entries that are done.</param>
/// <param name="Total">Entries there are.</param>
public readonly record struct IndexProgress(string Stage, long Done, long Total);

/// <summary>Makes the embedder of a model that needs more than this library, by the name that people gave. Throws a <see cref="MemoryException"/> that says why it cannot.</summary>
/// <param name="name">The name, such as <c>openai/text-embedding-3-small</c>.</param>
/// <param name="cancel">Gives up.</param>
public delegate ValueTask<Embeddings.IEmbedder> EmbedderFactory(string name, CancellationToken cancel);
