namespace Skep.Testing;

/// <summary>What a model answered, as a client should understand it.</summary>
public sealed record ModelAnswer
{
    /// <summary>The text; empty when there is none.</summary>
    public string Text { get; init; } = "";

    /// <summary>The reasoning before it; empty when there is none.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Calls of tools.</summary>
    public IReadOnlyList<ModelToolCall> Calls { get; init; } = [];

    /// <summary>Why it ends.</summary>
    public ModelFinish Finish { get; init; }

    /// <summary>What it used.</summary>
    public ModelUsage Usage { get; init; } = new(0, 0);
}

/// <summary>Why an answer ends.</summary>
public enum ModelFinish
{
    /// <summary>It is complete.</summary>
    Stop,

    /// <summary>The model waits for results of tools.</summary>
    ToolCalls,

    /// <summary>It was cut at the longest allowed answer.</summary>
    Length,

    /// <summary>The provider refuses to go on (content filter, refusal).</summary>
    Filtered,
}

/// <summary>Tokens of a call. <paramref name="Input"/>, <paramref name="CacheRead"/> and <paramref name="CacheWrite"/> do not overlap.</summary>
/// <param name="Input">Input that was neither read from nor written to a cache.</param>
/// <param name="Output">Output, with reasoning.</param>
/// <param name="CacheRead">Input read from the prompt cache.</param>
/// <param name="CacheWrite">Input written to the prompt cache; over the OpenAI format it is told as plain input.</param>
/// <param name="Reasoning">The part of the output that is reasoning.</param>
public sealed record ModelUsage(long Input, long Output, long CacheRead = 0, long CacheWrite = 0, long Reasoning = 0)
{
    /// <summary>All of them.</summary>
    public long Total => Input + Output + CacheRead + CacheWrite;
}
