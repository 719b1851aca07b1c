using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>Finds MCP servers by name: those of the plan, else those of <c>.mcp.json</c> in the workspace.</summary>
/// <param name="host">The host's environment.</param>
internal sealed class McpDefinitions(Func<IReadOnlyDictionary<string, string>> host)
{
    /// <summary>Longest call of servers whose description does not say.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Finds a server.</summary>
    /// <exception cref="McpServerException">There is none of that name, or its description cannot be used.</exception>
    public McpServerDefinition Find(AttemptRequest request, string id)
    {
        var found = request.McpServers.FirstOrDefault(s => s.Id == id) is { } spec ? Of(spec, request) : McpJsonFile.Find(request.Workspace, id, host());
        if (found.Secrets.FirstOrDefault(s => s.Length < SecretMasker.MinLength) is not null)
            throw new McpServerException($"a secret of MCP server '{id}' is shorter than {SecretMasker.MinLength} characters and cannot be masked: use a longer value", isTransient: false);
        return found;
    }

    private McpServerDefinition Of(McpServerSpec spec, AttemptRequest request)
    {
        var environment = host();
        string Value(string name) => environment.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new McpServerException($"MCP server '{spec.Id}' needs the environment variable '{name}', which is not set", isTransient: false);
        return new McpServerDefinition
        {
            Id = spec.Id,
            Command = spec.Command,
            Url = spec.Url,
            Environment = spec.Url is not null ? spec.Env : EnvironmentOf(environment, spec.Env.Concat(spec.Pass.Select(n => KeyValuePair.Create(n, Value(n))))),
            Headers = spec.Headers.Concat(spec.SecretHeaders.Select(h => KeyValuePair.Create(h.Key, Value(h.Value)))).ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase),
            Secrets = [.. spec.Pass.Concat(spec.SecretHeaders.Values).Select(Value)],
            Tools = spec.Tools,
            Allow = spec.Allow,
            Timeout = spec.Timeout,
            Folder = request.Workspace,
        };
    }

    /// <summary>What a server's program sees: the few variables that every child gets, and what its description gives it.</summary>
    internal static Dictionary<string, string> EnvironmentOf(IReadOnlyDictionary<string, string> host, IEnumerable<KeyValuePair<string, string>> own)
    {
        var environment = host.Where(v => ChildEnvironment.BuiltIn.Any(b => b == v.Key || (b.EndsWith('*') && v.Key.StartsWith(b[..^1], StringComparison.Ordinal))))
            .ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        foreach (var (name, value) in own) environment[name] = value;
        return environment;
    }
}
