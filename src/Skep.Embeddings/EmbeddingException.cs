namespace Skep.Embeddings;

/// <summary>A text that cannot be embedded or indexed, or vectors that do not belong together. The message says what, where and how to go on.</summary>
public sealed class EmbeddingException : Exception
{
    /// <summary>A fault with its message.</summary>
    public EmbeddingException(EmbeddingFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What went wrong.</summary>
    public EmbeddingFault Fault { get; }
}
