namespace Skep.Cli.Running;

/// <summary>The latest attempt at a node.</summary>
internal static class LastAttempt
{
    /// <summary>It, or null when there was none.</summary>
    public static AttemptState? Of(NodeState? node) => node?.Attempts is { Count: > 0 } attempts ? attempts[^1] : null;
}
