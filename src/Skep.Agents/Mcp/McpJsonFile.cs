using System.Text;
using System.Text.Json;

namespace Skep.Agents.Mcp;

/// <summary>
/// <c>.mcp.json</c>, in which coding CLIs keep MCP servers: <c>{ "mcpServers": { "NAME": { "command", "args", "env" } or { "url", "headers" } } }</c>, with
/// <c>${NAME}</c> and <c>${NAME:-otherwise}</c> for variables of the host. Values of variables are taken for secrets.
/// </summary>
internal static class McpJsonFile
{
    /// <summary>The file's name, in the workspace.</summary>
    public const string Name = ".mcp.json";

    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Finds a server in the file of a workspace.</summary>
    /// <exception cref="McpServerException">There is no such file or server, or it cannot be used.</exception>
    public static McpServerDefinition Find(string workspace, string id, IReadOnlyDictionary<string, string> host)
    {
        var path = Path.Combine(workspace, Name);
        if (Read(path) is not { } text) throw Unknown(id, $"there is no {path} either");
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("mcpServers", out var servers) || servers.ValueKind != JsonValueKind.Object)
                throw Broken(path, "it has no object 'mcpServers'");
            if (!servers.TryGetProperty(id, out var server) || server.ValueKind != JsonValueKind.Object)
                throw Unknown(id, $"{path} has {(servers.EnumerateObject().Any() ? string.Join(", ", servers.EnumerateObject().Select(s => s.Name).Take(20)) : "none")}");
            return Definition(path, id, server, workspace, host);
        }
        catch (JsonException e)
        {
            throw Broken(path, e.Message);
        }
    }

    private static McpServerDefinition Definition(string path, string id, JsonElement server, string workspace, IReadOnlyDictionary<string, string> host)
    {
        var used = new List<string>();
        string Fill(string text) => Variables.Fill(text, host, used, name => Broken(path, $"server '{id}' uses the variable '{name}', which is not set; set it, or write ${{{name}:-otherwise}}"));
        string? One(string key) => server.TryGetProperty(key, out var value) ? Fill(TextOf(path, id, key, value)) : null;
        var url = One("url");
        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))) throw Broken(path, $"the url of server '{id}' is no http address");
        var command = One("command");
        if (command is null == url is null) throw Broken(path, $"server '{id}' needs either 'command' or 'url'");
        var env = Map(path, id, server, "env", Fill);
        return new McpServerDefinition
        {
            Id = id,
            Command = command is null ? [] : [command, .. List(path, id, server, "args").Select(Fill)],
            Url = url is null ? null : new Uri(url),
            Environment = url is null ? McpDefinitions.EnvironmentOf(host, env) : env,
            Headers = Map(path, id, server, "headers", Fill),
            Secrets = [.. used.Distinct(StringComparer.Ordinal).Where(v => v.Length >= Orchestration.Output.SecretMasker.MinLength)],
            Timeout = McpDefinitions.DefaultTimeout,
            Folder = workspace,
        };
    }

    private static string? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > MaxBytes) throw Broken(path, $"it has {file.Length} bytes; at most {MaxBytes} are read");
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e.Message);
        }
    }

    private static Dictionary<string, string> Map(string path, string id, JsonElement server, string key, Func<string, string> fill)
    {
        if (!server.TryGetProperty(key, out var map)) return [];
        if (map.ValueKind != JsonValueKind.Object) throw Broken(path, $"'{key}' of server '{id}' must be an object of texts");
        return map.EnumerateObject().ToDictionary(p => p.Name, p => fill(TextOf(path, id, key, p.Value)), StringComparer.Ordinal);
    }

    private static IEnumerable<string> List(string path, string id, JsonElement server, string key)
    {
        if (!server.TryGetProperty(key, out var list)) return [];
        if (list.ValueKind != JsonValueKind.Array) throw Broken(path, $"'{key}' of server '{id}' must be a list of texts");
        return [.. list.EnumerateArray().Select(v => TextOf(path, id, key, v))];
    }

    private static string TextOf(string path, string id, string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Broken(path, $"'{key}' of server '{id}' must be made of texts");

    private static McpServerException Broken(string path, string what) => new($"{path} cannot be used: {what}", isTransient: false);

    private static McpServerException Unknown(string id, string where) => new($"there is no MCP server '{id}': describe it under 'mcp' in the plan; {where}", isTransient: false);

    /// <summary>Fills <c>${NAME}</c> in.</summary>
    private static class Variables
    {
        public static string Fill(string text, IReadOnlyDictionary<string, string> host, List<string> used, Func<string, McpServerException> missing)
        {
            var result = new StringBuilder();
            for (var at = 0; ;)
            {
                var open = text.IndexOf("${", at, StringComparison.Ordinal);
                var close = open < 0 ? -1 : text.IndexOf('}', open);
                if (close < 0) return result.Append(text.AsSpan(at)).ToString();
                var (name, otherwise) = Split(text[(open + 2)..close]);
                result.Append(text.AsSpan(at, open - at));
                if (host.TryGetValue(name, out var value) && value.Length > 0) used.Add(value);
                else value = otherwise ?? throw missing(name);
                result.Append(value);
                at = close + 1;
            }
        }

        private static (string Name, string? Otherwise) Split(string inside) =>
            inside.IndexOf(":-", StringComparison.Ordinal) is >= 0 and var at ? (inside[..at], inside[(at + 2)..]) : (inside, null);
    }
}
