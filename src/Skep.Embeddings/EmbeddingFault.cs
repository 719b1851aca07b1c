namespace Skep.Embeddings;

/// <summary>What went wrong with embeddings or full text, for callers that act on it.</summary>
public enum EmbeddingFault
{
    /// <summary>The text has nothing that could be embedded: it is empty, or only blanks and punctuation.</summary>
    EmptyText,

    /// <summary>The text is longer than its bound.</summary>
    TextTooLong,

    /// <summary>Vectors of different models, dimensions or normalisations would be mixed.</summary>
    ModelMismatch,

    /// <summary>A model gave vectors that are not what it promises: another number, another dimension, or numbers that are not finite.</summary>
    BadVectors,

    /// <summary>An option or argument is out of its bounds.</summary>
    BadArgument,

    /// <summary>An index would exceed its limit of documents or bytes.</summary>
    LimitReached,
}
