using System.Text.Json;
using Skep.Agents.Specs;
using Skep.Cli.Reading;

namespace Skep.Cli.Agents;

/// <summary>Agents as JSON. The keys are those of agent files where there are such.</summary>
internal static class AgentJson
{
    /// <summary>Writes an agent, all of it or what a list needs.</summary>
    public static void Write(Utf8JsonWriter json, AgentEntry entry, bool isWhole)
    {
        var spec = entry.Spec;
        json.WriteStartObject();
        json.WriteString("name", spec.Id);
        json.WriteText("version", spec.Version?.ToString());
        json.WriteText("kind", spec.Kind);
        json.WriteText("role", spec.Role);
        Texts(json, "capabilities", spec.Capabilities);
        json.WriteString("executor", spec.Executor);
        json.WriteText("model", spec.Model);
        Texts(json, "tools", spec.Tools);
        json.WriteString("source", entry.Source);
        json.WriteText("path", entry.Path);
        json.WriteText("shadowed_by", entry.ShadowedBy);
        if (isWhole) Rest(json, entry);
        json.WriteEndObject();
    }

    /// <summary>Writes a finding.</summary>
    public static void Write(Utf8JsonWriter json, Diagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("severity", finding.Severity == Severity.Error ? "error" : "warning");
        json.WriteString("code", finding.Code);
        json.WriteString("message", finding.Message);
        json.WriteNumber("line", finding.At.Line);
        json.WriteNumber("column", finding.At.Column);
        json.WriteEndObject();
    }

    /// <summary>Writes a list of texts.</summary>
    public static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Rest(Utf8JsonWriter json, AgentEntry entry)
    {
        var spec = entry.Spec;
        Texts(json, "fallbacks", spec.Fallbacks);
        json.WriteText("cognitive_pattern", AgentText.Pattern(spec));
        json.WriteString("permission_mode", AgentText.Mode(spec.PermissionMode));
        Texts(json, "commands", spec.Commands.Select(c => c.ToString()));
        Texts(json, "memory", spec.MemoryScope);
        Texts(json, "promises", spec.Promises.Select(p => p.ToString()));
        if (spec.Temperature is { } temperature) json.WriteNumber("temperature", temperature);
        if (spec.Window is { } window) json.WriteNumber("window", window);
        if (spec.Limits.Turns is { } turns) json.WriteNumber("turns", turns);
        if (spec.Limits.OutputTokens is { } output) json.WriteNumber("output_tokens", output);
        if (spec.Limits.Timeout is { } timeout) json.WriteNumber("timeout_seconds", timeout.TotalSeconds);
        if (entry.File is { } file) Texts(json, "unknown_tools", file.UnknownTools);
        json.WriteText("system", spec.SystemPrompt);
    }
}
