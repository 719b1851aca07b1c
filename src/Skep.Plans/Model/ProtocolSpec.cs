namespace Skep.Plans;

/// <summary>Hooks that agents include together: a habit with a name.</summary>
public sealed record ProtocolSpec
{
    /// <summary>Identifier, unique among protocols.</summary>
    public required string Id { get; init; }

    /// <summary>Before a task.</summary>
    public IReadOnlyList<HookSpec> PreTask { get; init; } = [];

    /// <summary>While a task is worked on.</summary>
    public IReadOnlyList<HookSpec> DuringTask { get; init; } = [];

    /// <summary>After a task.</summary>
    public IReadOnlyList<HookSpec> PostTask { get; init; } = [];

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }

    /// <summary>All hooks, in the order of a task's life.</summary>
    public IEnumerable<HookSpec> Hooks => [.. PreTask, .. DuringTask, .. PostTask];
}
