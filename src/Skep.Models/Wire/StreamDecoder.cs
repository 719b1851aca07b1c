using System.Globalization;
using Microsoft.Extensions.AI;
using Skep.Models.Faults;

namespace Skep.Models.Wire;

/// <summary>A model called more tools at once than are taken.</summary>
internal sealed class TooManyCallsException(int max) : Exception($"the answer calls more than {max} tools at once");

/// <summary>Makes contents of the frames of one answer. Pure: frames in, contents out, what is known so far as properties.</summary>
internal abstract class StreamDecoder
{
    /// <summary>The provider's id of the answer.</summary>
    public string? ResponseId { get; protected set; }

    /// <summary>The model that answers, as it names itself.</summary>
    public string? ModelId { get; protected set; }

    /// <summary>Why the answer ended.</summary>
    public ChatFinishReason? FinishReason { get; protected set; }

    /// <summary>What was used as far as the provider has said.</summary>
    public UsageDetails? Usage { get; protected set; }

    /// <summary>Whether the format's end of the answer came.</summary>
    public bool Ended { get; protected set; }

    /// <summary>The model, or a filter, refused: why.</summary>
    public string? Refusal { get; protected set; }

    /// <summary>The provider gave up inside of the stream.</summary>
    public ErrorBody? Error { get; protected set; }

    /// <summary>Takes a frame.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="isError">Whether it is called an error.</param>
    /// <param name="contents">What it adds to the answer is put here.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">It is not what the format says.</exception>
    public abstract void Accept(ReadOnlyMemory<byte> data, bool isError, List<AIContent> contents);

    /// <summary>The answer is at its end: what was held back until it was whole.</summary>
    public abstract void Complete(List<AIContent> contents);

    /// <summary>Usage as Microsoft.Extensions.AI counts it: what came from, or went to, a cache is a part of the input.</summary>
    protected static UsageDetails Counts(long input, long output, long cacheRead, long cacheWrite, long? reasoning) => new()
    {
        InputTokenCount = input,
        OutputTokenCount = output,
        TotalTokenCount = unchecked(input + output),
        CachedInputTokenCount = cacheRead,
        ReasoningTokenCount = reasoning,
        AdditionalCounts = cacheWrite > 0 ? new() { [ModelProperties.CacheWriteTokens] = cacheWrite } : null,
    };

    /// <summary>An id for a call to which the server gave none: the same each time the answer is read.</summary>
    protected string MakeId(int number)
    {
        const int longest = 24;
        var answer = ResponseId ?? "";
        return string.Create(CultureInfo.InvariantCulture, $"call_{number}_{answer.AsSpan(Math.Max(0, answer.Length - longest))}").TrimEnd('_');
    }
}
