using System.Security.Cryptography;
using System.Text;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>An MCP server with everything filled in: it can be started, or reached.</summary>
internal sealed record McpServerDefinition
{
    public required string Id { get; init; }

    /// <summary>Program and arguments; empty for one over HTTP.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public Uri? Url { get; init; }

    /// <summary>The whole environment of the program: nothing else of the host reaches it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Values that must appear nowhere.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    public IReadOnlyList<string> Tools { get; init; } = [];

    public IReadOnlyList<string> Allow { get; init; } = [];

    public required TimeSpan Timeout { get; init; }

    /// <summary>Where the program works.</summary>
    public required string Folder { get; init; }

    /// <summary>The same for definitions that one running server can serve; what agents may do with it does not matter to that.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder();
            void Add(string part) => text.Append(part.Length).Append(':').Append(part);
            Add(Folder);
            foreach (var part in Command) Add(part);
            Add(Url?.AbsoluteUri ?? "");
            foreach (var (name, value) in Environment.OrderBy(e => e.Key, StringComparer.Ordinal)) Add(name + "=" + value);
            foreach (var (name, value) in Headers.OrderBy(e => e.Key, StringComparer.Ordinal)) Add(name + ":" + value);
            // A digest, because there are secrets among the parts.
            return $"{Id}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
        }
    }

    /// <summary>Whether agents may be given a tool.</summary>
    public bool Offers(string tool) => Tools.Count == 0 || McpServerSpec.Matches(Tools, tool);
}

/// <summary>An MCP server cannot be used; the message says which, why, and how to fix it. Secrets are masked.</summary>
/// <param name="message">The message.</param>
/// <param name="isTransient">Whether it may work later.</param>
public sealed class McpServerException(string message, bool isTransient = true) : Exception(message)
{
    /// <summary>Whether it may work later.</summary>
    public bool IsTransient { get; } = isTransient;
}
