using System.Globalization;
using System.Text;
using Skep.Agents.Specs;
using Skep.Plans.Drawing;

namespace Skep.Cli.Agents;

/// <summary>Agents for people. What stands in their files is foreign text and made harmless for terminals.</summary>
internal static class AgentText
{
    private const int Column = 14;

    /// <summary>One line an agent: name, version, model, where it stands, and what it is for, shortened to a width.</summary>
    public static string Table(IReadOnlyList<AgentEntry> entries, int width)
    {
        var rows = entries.Select(e => (Name: e.Spec.Id, Version: e.Spec.Version?.ToString() ?? "", Model: e.Spec.Model ?? "", Source: PlainLine.Clean(e.Source), Entry: e)).ToList();
        int names = Wide(rows.Select(r => r.Name), "NAME"), versions = Wide(rows.Select(r => r.Version), "VERSION"), models = Wide(rows.Select(r => r.Model), "MODEL"), sources = Wide(rows.Select(r => r.Source), "SOURCE");
        var text = new StringBuilder($"{"NAME".PadRight(names)}  {"VERSION".PadRight(versions)}  {"MODEL".PadRight(models)}  {"SOURCE".PadRight(sources)}  ROLE\n");
        foreach (var row in rows)
        {
            var lead = $"{row.Name.PadRight(names)}  {row.Version.PadRight(versions)}  {row.Model.PadRight(models)}  {row.Source.PadRight(sources)}  ";
            var role = (row.Entry.ShadowedBy is { } by ? $"(not used: {PlainLine.Clean(by)} comes first) " : "") + PlainLine.Clean(row.Entry.Spec.Role);
            text.Append((lead + PlainLine.Fit(role, Math.Max(20, width - lead.Length))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>All of one agent.</summary>
    public static string Of(AgentEntry entry)
    {
        var spec = entry.Spec;
        var text = new StringBuilder($"{spec.Id}{(spec.Version is { } version ? $" {version}" : "")}\n");
        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) text.Append($"  {name.PadRight(Column)}  {PlainLine.Clean(value)}\n");
        }

        Line("source", entry.Source);
        Line("role", spec.Role);
        Line("kind", spec.Kind);
        Line("capabilities", string.Join(", ", spec.Capabilities));
        Line("thinks", Pattern(spec));
        Line("executor", spec.Executor);
        Line("model", spec.Model ?? (spec.Executor == ExecutorKinds.Chat ? "the configured one" : null));
        Line("fallbacks", string.Join(", ", spec.Fallbacks));
        Line("tools", string.Join(", ", spec.Tools));
        Line("commands", string.Join(", ", spec.Commands));
        Line("permissions", spec.Executor == ExecutorKinds.Chat ? Mode(spec.PermissionMode) : null);
        Line("memory", string.Join(", ", spec.MemoryScope));
        Line("limits", Limits(spec));
        Line("promises", string.Join(", ", spec.Promises));
        if (entry.File?.UnknownTools is { Count: > 0 } unknown) Line("not available", $"{string.Join(", ", unknown)} (unless a host or an MCP server brings them)");
        if (spec.SystemPrompt is { } system)
            text.Append('\n').Append(string.Concat(system.TrimEnd().Split('\n').Select(l => $"  | {PlainLine.Clean(l)}".TrimEnd() + "\n")));
        return text.ToString();
    }

    /// <summary>The way of thinking as it is written.</summary>
    public static string? Pattern(AgentSpec spec) => spec.CognitivePattern?.ToString().ToLowerInvariant();

    /// <summary>The mode as it is written.</summary>
    public static string Mode(PermissionMode mode) => mode == PermissionMode.AcceptEdits ? "accept-edits" : mode.ToString().ToLowerInvariant();

    private static string Limits(AgentSpec spec) => string.Join(", ", new[]
    {
        spec.Limits.Turns is { } turns ? $"{turns} turns" : null,
        spec.Limits.OutputTokens is { } output ? $"{output} output tokens a call" : null,
        spec.Limits.Timeout is { } timeout ? DurationText.Format(timeout) : null,
        spec.Budget?.Tokens is { } tokens ? $"{tokens} tokens" : null,
        spec.Budget?.CostUsd is { } cost ? string.Create(CultureInfo.InvariantCulture, $"{cost:0.####} USD") : null,
    }.OfType<string>());

    private static int Wide(IEnumerable<string> texts, string title) => texts.Select(t => t.Length).Append(title.Length).Max();
}
