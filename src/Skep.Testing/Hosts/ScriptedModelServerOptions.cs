using System.Net;

namespace Skep.Testing;

/// <summary>Bounds of a <see cref="ScriptedModelServer"/>.</summary>
public sealed record ScriptedModelServerOptions
{
    /// <summary>The address; only loopback ones are taken.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Connections at a time; further ones are answered 503 and closed.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Bytes of a request's first line and headers; more are answered 431.</summary>
    public int MaxHeadBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a request's body; more are answered 413.</summary>
    public int MaxBodyBytes { get; init; } = 8 * 1024 * 1024;
}
