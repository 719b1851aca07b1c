namespace Skep.Server.Mcp;

/// <summary>Versions of the protocol that clients may name in <c>MCP-Protocol-Version</c>.</summary>
internal static class ProtocolVersions
{
    /// <summary>From this version on there are no sessions: every request says all that is needed.</summary>
    private const string WithoutSessions = "2026-07-28";

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<string> All { get; } = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", WithoutSessions];

    /// <summary>Whether requests of a version stand for themselves.</summary>
    public static bool HasNoSessions(string version) => version == WithoutSessions;
}
