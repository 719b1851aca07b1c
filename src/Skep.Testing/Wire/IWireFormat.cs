namespace Skep.Testing.Wire;

/// <summary>The server's side of a wire format. Stateless.</summary>
internal interface IWireFormat
{
    /// <summary>Reads a request as strictly as the real servers do.</summary>
    /// <param name="request">The request.</param>
    /// <param name="agent">Who asks, if headers say so; else the body may.</param>
    /// <exception cref="WireRefusal">They would refuse it.</exception>
    ModelRequest Read(WireRequest request, string? agent);

    /// <summary>The frames of a streamed answer.</summary>
    IEnumerable<WireFrame> Frames(ModelRequest request, WireAnswer answer);

    /// <summary>The body of an answer that is not streamed.</summary>
    byte[] Body(ModelRequest request, WireAnswer answer);

    /// <summary>The body of an error.</summary>
    byte[] Error(WireRefusal refusal);

    /// <summary>A refusal with a status, as the real servers word it.</summary>
    WireRefusal Fault(ScriptedFault fault, ModelRequest request);

    /// <summary>A frame around a text that is not what the format says.</summary>
    byte[] StrangeFrame(string data);

    /// <summary>An error inside a stream.</summary>
    byte[] ErrorFrame();

    /// <summary>Refuses a conversation that is longer than the model's window.</summary>
    WireRefusal ContextTooLong(long tokens, long window);
}

/// <summary>An answer on its way to a wire.</summary>
/// <param name="Answer">What is said.</param>
/// <param name="Pieces">Pieces of each text.</param>
/// <param name="Created">When, in seconds since 1970.</param>
/// <param name="TellUsage">Whether usage is told.</param>
internal sealed record WireAnswer(ModelAnswer Answer, int Pieces, long Created, bool TellUsage);
