namespace Skep.Testing;

/// <summary>How fast, and in how many pieces, an answer comes.</summary>
public sealed record Pace
{
    /// <summary>At once, each text in four pieces.</summary>
    public static Pace Default { get; } = new();

    /// <summary>Pieces of each text, and of each call's arguments; short ones come in fewer. <see cref="int.MaxValue"/>: a character each.</summary>
    public int Pieces { get; init; } = 4;

    /// <summary>Time before the answer begins, headers included.</summary>
    public TimeSpan First { get; init; }

    /// <summary>Time between pieces.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// Cuts what is sent into writes of so many bytes, wherever frames and characters end: for clients that read frames. Null: a frame is sent as a whole.
    /// </summary>
    public int? CutBytes { get; init; }

    /// <summary>A character at a time.</summary>
    public static Pace Drip(TimeSpan delay) => new() { Pieces = int.MaxValue, Delay = delay };
}
