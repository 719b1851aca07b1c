namespace Skep.Testing.Wire;

/// <summary>What a host is to do next with an answer.</summary>
internal enum WireStepKind
{
    /// <summary>Send status and headers.</summary>
    Head,

    /// <summary>Send bytes of the body.</summary>
    Write,

    /// <summary>Wait.</summary>
    Wait,

    /// <summary>Wait for ever: until the client goes away.</summary>
    Hang,

    /// <summary>Break the connection.</summary>
    Drop,
}

/// <summary>
/// A step of an answer. Answers are played by hosts from a lazy sequence of steps, so that what goes wrong, and when, is decided in one place for sockets
/// and for handlers in the process. The end of the sequence is the clean end of the answer.
/// </summary>
internal readonly record struct WireStep(WireStepKind Kind)
{
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    public TimeSpan Delay { get; private init; }

    public WireHead? Head { get; private init; }

    public DropStyle Style { get; private init; }

    public static WireStep Hang => new(WireStepKind.Hang);

    public static WireStep Begin(WireHead head) => new(WireStepKind.Head) { Head = head };

    public static WireStep Write(ReadOnlyMemory<byte> bytes) => new(WireStepKind.Write) { Bytes = bytes };

    public static WireStep Wait(TimeSpan delay) => new(WireStepKind.Wait) { Delay = delay };

    public static WireStep Drop(DropStyle style) => new(WireStepKind.Drop) { Style = style };
}

/// <summary>Status and headers.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Length">Length of the body; null: it is sent in chunks.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record WireHead(int Status, string ContentType, long? Length, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>An answer that is to be played.</summary>
/// <param name="Steps">The steps; enumerated once.</param>
/// <param name="Exchange">Is told how it ended; null where nothing is recorded.</param>
internal sealed record WireReply(IEnumerable<WireStep> Steps, Exchange? Exchange);

/// <summary>A frame of a streamed answer.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsPiece">Whether it carries a piece of what the model says: pace and faults count these.</param>
internal readonly record struct WireFrame(byte[] Bytes, bool IsPiece);
