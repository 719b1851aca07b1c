namespace Skep.Models;

/// <summary>How long a model is waited for, and how much is taken from it.</summary>
public sealed record ModelClientOptions
{
    /// <summary>The defaults.</summary>
    public static ModelClientOptions Default { get; } = new();

    /// <summary>How long is waited until the provider begins to answer. Default: 5 minutes, because long prompts are read before the first word.</summary>
    public TimeSpan FirstPieceTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long is waited for the next bytes of a stream. Default: 2 minutes. Keep-alive comments and pings count as life. While the caller does
    /// something else than reading, the time does not run.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest frame of a stream in bytes. Default: 4 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Longest answer in bytes, as they come over the wire. Default: 64 MiB.</summary>
    public long MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much of an error's body is read, in bytes. Default: 64 KiB.</summary>
    public int MaxErrorBytes { get; init; } = 64 * 1024;

    /// <summary>Most tool calls of one answer. Default: 128.</summary>
    public int MaxToolCalls { get; init; } = 128;

    /// <summary>
    /// Whether Anthropic is asked to cache prompts: marks on the system prompt, the last tool and the last message but one. Default: yes. OpenAI caches unasked.
    /// </summary>
    public bool PromptCaching { get; init; } = true;
}
