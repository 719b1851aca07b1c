namespace Skep.Vectors;

/// <summary>A request that an index refuses, or a fault of its files. The message says what, where and how to go on.</summary>
public sealed class VectorException : Exception
{
    /// <summary>A fault with its message.</summary>
    public VectorException(VectorFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What went wrong.</summary>
    public VectorFault Fault { get; }
}
