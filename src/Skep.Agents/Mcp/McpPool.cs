using System.Collections.Concurrent;

namespace Skep.Agents.Mcp;

/// <summary>The MCP servers of a process: each is started once, whoever needs it, and ended with the process.</summary>
internal sealed class McpPool(TimeProvider time) : IAsyncDisposable
{
    /// <summary>Most servers at once.</summary>
    public const int MaxServers = 64;

    private readonly ConcurrentDictionary<string, McpConnection> _connections = new(StringComparer.Ordinal);

    /// <summary>The connection of a server; it is opened when it is used.</summary>
    /// <exception cref="McpServerException">There are too many.</exception>
    public McpConnection For(McpServerDefinition definition)
    {
        var key = definition.Key;
        if (_connections.TryGetValue(key, out var known)) return known;
        if (_connections.Count >= MaxServers) throw new McpServerException($"this process serves {MaxServers} MCP servers already; '{definition.Id}' would be one more");
        return _connections.GetOrAdd(key, _ => new McpConnection(definition, time));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_connections.Values.Select(c => c.DisposeAsync().AsTask()));
        _connections.Clear();
    }
}
