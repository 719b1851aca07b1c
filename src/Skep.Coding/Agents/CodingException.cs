namespace Skep.Coding.Agents;

/// <summary>A coding agent cannot work, and will not when it is tried again; the message says why and what helps.</summary>
public sealed class CodingException : Exception
{
    /// <summary>With a message.</summary>
    public CodingException(string message) : base(message)
    {
    }

    /// <summary>With a message and what caused it.</summary>
    public CodingException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Without a message; for serializers only.</summary>
    public CodingException()
    {
    }
}
