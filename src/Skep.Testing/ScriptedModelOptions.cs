namespace Skep.Testing;

/// <summary>What a <see cref="ScriptedModel"/> is given besides its script.</summary>
public sealed record ScriptedModelOptions
{
    /// <summary>The clock of delays, rate limits and times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The header that says which agent asks.</summary>
    public string AgentHeader { get; init; } = "X-Skep-Agent";

    /// <summary>
    /// Finds who asks in the headers of a request, for agents that send no header of their own: part of an <c>Idempotency-Key</c>, say. Null: <see cref="AgentHeader"/> is looked at.
    /// Must be thread-safe. Names of headers are compared without regard to case.
    /// </summary>
    public Func<IReadOnlyDictionary<string, string>, string?> AgentOf { get; init; } = _ => null;

    /// <summary>Exchanges that are kept.</summary>
    public int MaxExchanges { get; init; } = 10_000;

    /// <summary>Bytes of request bodies that are kept; bodies and their parsed messages are forgotten together.</summary>
    public long MaxExchangeBytes { get; init; } = 64L << 20;
}
