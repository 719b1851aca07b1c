using System.Text.RegularExpressions;

namespace Skep.Testing;

/// <summary>What a rule's match captured from a request: the values of <c>${...}</c>.</summary>
internal sealed class Captures(ModelRequest request)
{
    /// <summary>Names that every rule has.</summary>
    public static readonly string[] Fixed = ["tool", "tools", "user", "system", "model", "agent", "turns"];

    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    /// <summary>The result that the rule's match found; null: the last one.</summary>
    public string? Result { get; set; }

    /// <summary>Matches a text and keeps the groups. True without a regular expression.</summary>
    public bool Add(Regex? regex, string text)
    {
        if (regex is null) return true;
        var match = regex.Match(text);
        if (!match.Success) return false;
        foreach (Group group in match.Groups) _groups[group.Name] = group.Value;
        return true;
    }

    /// <summary>The value of a name; empty where there is none.</summary>
    public string Value(string name) => _groups.TryGetValue(name, out var group) ? group : name switch
    {
        "tool" => Result ?? (LastResults() is [.., var last] ? last.Text : ""),
        "tools" => string.Join('\n', LastResults().Select(r => r.Text)),
        "user" => request.LastUserText,
        "system" => request.System,
        "model" => request.Model,
        "agent" => request.Agent ?? "",
        "turns" => request.Turns.ToString(),
        _ => "",
    };

    /// <summary>Those that came last, even if the user has spoken since.</summary>
    private IReadOnlyList<ModelToolResult> LastResults() => request.Messages.LastOrDefault(m => m.Role == ModelRole.Tool)?.Results ?? [];
}
