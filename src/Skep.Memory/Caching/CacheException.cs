namespace Skep.Memory.Caching;

/// <summary>A cache cannot answer, or is set up wrongly; the message says what would help. What the source itself throws is passed on as it is.</summary>
public sealed class CacheException : Exception
{
    /// <summary>Makes the exception.</summary>
    public CacheException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public CacheException(string message, Exception inner) : base(message, inner)
    {
    }
}
