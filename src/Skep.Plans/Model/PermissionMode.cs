namespace Skep.Plans;

/// <summary>What an agent's tools may do without a person's consent. No mode widens what its sandbox, its <c>tools</c> or its <c>commands</c> allow.</summary>
public enum PermissionMode
{
    /// <summary>It looks, and writes inside its sandbox and memory; programs, and tools that act outside the swarm, ask first. The default.</summary>
    Default,

    /// <summary>Only tools that look; all others are refused.</summary>
    Plan,

    /// <summary>As <see cref="Default"/>, and allow-listed programs start without asking; tools that act outside the swarm still ask.</summary>
    AcceptEdits,

    /// <summary>Nothing asks.</summary>
    Bypass,
}
