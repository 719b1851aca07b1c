namespace Skep.Coding.Agents;

/// <summary>Bounds of what is taken from a coding CLI.</summary>
public static class CodingLimits
{
    /// <summary>Longest line of its stream, in bytes; the rest of a longer one is dropped, and the log says so. A tool's result stands on one line.</summary>
    public const int MaxLine = 16 * 1024 * 1024;

    /// <summary>Longest answer that becomes an output, in characters; of a longer one the end is kept.</summary>
    public const int MaxAnswer = 16 * 1024;

    /// <summary>Most characters of a text or a tool's input that are shown on one line of the log.</summary>
    public const int MaxShown = 2000;

    /// <summary>Most messages whose usage is told apart; the oldest are summed up.</summary>
    public const int MaxMessages = 1000;

    /// <summary>Longest name of a message or of a tool's use that is believed, in characters.</summary>
    public const int MaxId = 200;

    /// <summary>Longest prompt, in characters.</summary>
    public const int MaxPrompt = 1024 * 1024;
}
