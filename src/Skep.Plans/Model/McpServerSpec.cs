namespace Skep.Plans;

/// <summary>An MCP server whose tools agents may use (<c>mcp:</c>): a program that is started, or an address.</summary>
public sealed record McpServerSpec
{
    /// <summary>Identifier; its tools are named <c>mcp__ID__TOOL</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Program and arguments of a server over standard input and output; empty for one over HTTP.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Address of a server over Streamable HTTP, or null.</summary>
    public Uri? Url { get; init; }

    /// <summary>Environment of the program, taken as it is.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of variables of the host that the program sees beside the usual (<c>pass</c>); their values are masked everywhere.</summary>
    public IReadOnlyList<string> Pass { get; init; } = [];

    /// <summary>Headers of HTTP requests, taken as they are.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers whose values are secret: the name of the variable of the host that holds each (<c>secret_headers</c>).</summary>
    public IReadOnlyDictionary<string, string> SecretHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Tools that agents may be given, with <c>*</c> at the end for any rest (<c>tools</c>); empty: all of them.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Tools that agents may call without asking (<c>allow</c>), with <c>*</c> at the end for any rest; others are asked about.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Longest call; 1 minute unless stated.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }

    /// <summary>Whether a name is one of a list in which <c>*</c> at the end stands for any rest.</summary>
    public static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ArgumentNullException.ThrowIfNull(name);
        return patterns.Any(p => p.EndsWith('*') ? name.StartsWith(p[..^1], StringComparison.Ordinal) : name == p);
    }
}

/// <summary>How tools of MCP servers are named among an agent's tools.</summary>
public static class McpToolNames
{
    private const string Prefix = "mcp__";

    /// <summary>The server and the tool of <c>mcp__SERVER__TOOL</c>; the tool is <c>*</c> for <c>mcp__SERVER</c> and may end in <c>*</c>. False for other names.</summary>
    public static bool TrySplit(string name, out string server, out string tool)
    {
        ArgumentNullException.ThrowIfNull(name);
        (server, tool) = ("", "");
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var rest = name[Prefix.Length..];
        var end = rest.IndexOf("__", StringComparison.Ordinal);
        (server, tool) = end < 0 ? (rest, "*") : (rest[..end], rest[(end + 2)..]);
        return server.Length > 0 && tool.Length > 0;
    }

    /// <summary>The name of a server's tool for models.</summary>
    public static string Of(string server, string tool) => $"{Prefix}{server}__{tool}";
}
