using System.Net;

namespace Skep.Server;

/// <summary>Where a <see cref="SkepServer"/> listens, whom it answers, and how much of everything it keeps.</summary>
public sealed record SkepServerOptions
{
    /// <summary>The address to listen on; this machine alone unless given.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What clients must send as <c>Authorization: Bearer …</c>; null asks for nothing, which is refused unless <see cref="Address"/> is a loopback address.</summary>
    public string? Token { get; init; }

    /// <summary>Further names under which clients may reach the server, without a port.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Most sessions at once. For one more, the one that nobody has used for longest ends; when all are in use, the new one is refused.</summary>
    public int MaxSessions { get; init; } = 64;

    /// <summary>After how long without a request and without an open stream a session ends.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest request, in bytes.</summary>
    public int MaxBody { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most connections at once.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How much of what a session was sent is kept for clients whose connection broke, in bytes. The oldest goes first.</summary>
    public int MaxKeptBytes { get; init; } = 1024 * 1024;

    /// <summary>How long requests under way have to end when the server stops.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
