namespace Skep.Memory;

/// <summary>A request that the memory refuses; the message says what is wrong and what would be right. Nothing was changed.</summary>
public sealed class MemoryException : Exception
{
    /// <summary>Makes the exception.</summary>
    public MemoryException(MemoryFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>Makes the exception with its cause.</summary>
    public MemoryException(MemoryFault fault, string message, Exception inner)
        : base(message, inner) => Fault = fault;

    /// <summary>What kind of refusal.</summary>
    public MemoryFault Fault { get; }
}

/// <summary>Why a request is refused.</summary>
public enum MemoryFault
{
    /// <summary>A path, prefix, glob, limit, time-to-live or author makes no sense.</summary>
    InvalidRequest,

    /// <summary>The value is not what its content type says.</summary>
    InvalidValue,

    /// <summary>The value is larger than <see cref="MemoryLimits.MaxValueBytes"/>.</summary>
    TooLarge,

    /// <summary>The memory holds all that it may.</summary>
    Full,

    /// <summary>A watcher asks for changes after a revision that has not been reached.</summary>
    FutureRevision,

    /// <summary>A file to restore from is not valid.</summary>
    BadFile,

    /// <summary>There are entries where a restore expects none.</summary>
    NotEmpty,

    /// <summary>Somebody else was faster: what is to be written anew, or made, is not as it was read.</summary>
    Conflict,
}
