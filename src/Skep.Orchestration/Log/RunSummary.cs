using System.Text.Json;

namespace Skep.Orchestration;

/// <summary>What lists of runs show. Written beside the log with every append, in the same transaction.</summary>
public sealed record RunSummary
{
    /// <summary>Run id.</summary>
    public required string Run { get; init; }

    /// <summary>Plan name.</summary>
    public required string Plan { get; init; }

    /// <summary>SHA-256 of the plan's text.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Status.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Tasks and gates that are known.</summary>
    public required int Total { get; init; }

    /// <summary>Of these, settled.</summary>
    public required int Settled { get; init; }

    /// <summary>Of these, failed, timed out or cancelled.</summary>
    public required int Failed { get; init; }

    /// <summary>Most attempts at once.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>Encodes it.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, EventJson.Default.RunSummary);

    /// <summary>Decodes it, or null when it cannot be read.</summary>
    public static RunSummary? Decode(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return payload.IsEmpty ? null : JsonSerializer.Deserialize(payload.Span, EventJson.Default.RunSummary);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
