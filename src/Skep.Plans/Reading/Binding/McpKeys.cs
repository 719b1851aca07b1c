using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of an MCP server.</summary>
internal static class McpKeys
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    public static KeyTable<McpDraft> Table { get; } = new(
        "mcpServer",
        "an MCP server",
        "An MCP server whose tools agents may use.",
        new("command", "Program and arguments of a server over standard input and output: a command line, or a list.", Shapes.Run, static (b, d, n) => d.Command = n),
        new("url", "Address of a server over HTTP.", Shapes.Text, static (b, d, n) => d.Spec = d.Spec with { Url = Url(b, n) }),
        new("env", "Environment of the program, taken as it is.", Shapes.TextMap, static (b, d, n) => d.Spec = d.Spec with { Env = Literals(b, n, "env") }),
        new("pass", "Variables of the host that the program sees beside the usual; their values are masked everywhere.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Pass = b.LiteralList(n, "pass") }),
        new("headers", "Headers of HTTP requests, taken as they are.", Shapes.TextMap, static (b, d, n) => d.Spec = d.Spec with { Headers = Literals(b, n, "headers") }),
        new("secret_headers", "Headers whose values are secret: for each the variable of the host that holds it.", Shapes.TextMap, static (b, d, n) => d.Spec = d.Spec with { SecretHeaders = Literals(b, n, "secret_headers") }),
        new("tools", "Tools that agents may be given, '*' at the end for any rest; all unless stated.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Tools = b.LiteralList(n, "tools") }),
        new("allow", "Tools that agents may call without asking, '*' at the end for any rest.", Shapes.TextList, static (b, d, n) => d.Spec = d.Spec with { Allow = b.LiteralList(n, "allow") }),
        new("timeout", "Longest call, 1s to 1h; a minute unless stated.", Shapes.Duration, static (b, d, n) => d.Spec = d.Spec with { Timeout = b.Duration(n, "timeout", TimeSpan.FromSeconds(1), LongestCall) ?? d.Spec.Timeout }));

    /// <summary>Reads the mapping of servers.</summary>
    public static IReadOnlyList<McpServerSpec> ReadAll(Binder binder, YamlNode node)
    {
        var servers = new List<McpServerSpec>();
        foreach (var (key, value) in binder.Map(node, "mcp", "{ NAME: { command: ... } }") ?? [])
        {
            var draft = new McpDraft(new McpServerSpec { Id = binder.Id(key, "mcp") ?? "", At = key.Span });
            if (draft.Spec.Id.Contains("__", StringComparison.Ordinal))
                binder.Error(DiagnosticCodes.BadId, key.Span, "the name of an MCP server cannot hold '__', which separates it from its tools", draft.Spec.Id);
            Table.Bind(binder, value, draft);
            servers.Add(draft.Finish(binder));
        }

        return servers;
    }

    private static Uri? Url(Binder binder, YamlNode node)
    {
        if (binder.LiteralText(node, "url") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0) return url;
        binder.Error(DiagnosticCodes.BadValue, node.Span, "'url' must be an http or https address without a password in it; secrets stand in 'secret_headers'", text);
        return null;
    }

    private static Dictionary<string, string> Literals(Binder binder, YamlNode node, string key)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in binder.Map(node, key, "{ NAME: value }") ?? [])
            if (binder.LiteralText(value, name.Value) is { } text) values[name.Value] = text;
        return values;
    }
}

/// <summary>A server while it is read.</summary>
internal sealed class McpDraft(McpServerSpec spec)
{
    public McpServerSpec Spec { get; set; } = spec;

    public YamlNode? Command { get; set; }

    public McpServerSpec Finish(Binder binder)
    {
        var command = Command is null ? null : binder.Command(Command, shell: false, hasItem: false);
        if (Command is null == Spec.Url is null)
            binder.Error(DiagnosticCodes.ConflictingKeys, Spec.At, $"MCP server '{Spec.Id}' needs either 'command', a program to start, or 'url', an address", Spec.Id);
        foreach (var argument in command?.Argv ?? [])
            if (Expressions.Template.MayHoldExpressions(argument))
                binder.Error(DiagnosticCodes.BadExpression, command!.At, "the command of an MCP server is taken as it is, because one server serves all tasks; expressions are not filled in here", argument);
        return Spec with { Command = command?.Argv ?? [] };
    }
}
